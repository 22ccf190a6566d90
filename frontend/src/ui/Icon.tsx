/** Our own icon set (ux H): 24 px grid, 1.75 px stroke, currentColor, always beside a word or with a named parent. */

const check = "M8 12.5l2.7 2.7L16 9.5";
const circle = "M3 12a9 9 0 1 0 18 0a9 9 0 1 0-18 0";

const shapes = {
  document: "M7 4h7l4 4v12H7zM14 4v4h4M10 13h5M10 16.5h5",
  plus: "M12 5v14M5 12h14",
  calendar: "M5 6h14v14H5zM5 10.5h14M9 3.5V7M15 3.5V7",
  place: "M12 21c-4-4.4-6.5-7.6-6.5-11a6.5 6.5 0 0 1 13 0c0 3.4-2.5 6.6-6.5 11zM12 12.2a2.2 2.2 0 1 0 0-4.4a2.2 2.2 0 0 0 0 4.4z",
  person: "M12 12a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7zM5.5 20c.8-4 3.2-5.5 6.5-5.5s5.7 1.5 6.5 5.5",
  people: "M9 11.5a3 3 0 1 0 0-6a3 3 0 0 0 0 6zM3.5 19c.6-3.3 2.6-4.8 5.5-4.8s4.9 1.5 5.5 4.8M15 5.8a3 3 0 0 1 0 5.4M17 14.5c2 .6 3.1 2.1 3.5 4.5",
  clock: `${circle}M12 7v5.2l3.3 2`,
  check: `${circle}${check}`,
  cross: `${circle}M9 9l6 6M15 9l-6 6`,
  minus: `${circle}M8 12h8`,
  question: `${circle}M9.6 9.4a2.5 2.5 0 1 1 3.5 2.4c-.8.4-1.1.9-1.1 1.7M12 16.6v.1`,
  eye: "M2.5 12S6 5.5 12 5.5S21.5 12 21.5 12S18 18.5 12 18.5S2.5 12 2.5 12zM12 14.7a2.7 2.7 0 1 0 0-5.4a2.7 2.7 0 0 0 0 5.4z",
  pencil: "M4.5 19.5l1-4.2L16.4 4.4a1.6 1.6 0 0 1 2.3 0l.9.9a1.6 1.6 0 0 1 0 2.3L8.7 18.5zM14.5 6.3l3.2 3.2",
  undo: "M8.5 5L4.5 9l4 4M5 9h9a5.5 5.5 0 0 1 0 11h-3",
  send: "M12 19V5.5M6.5 11L12 5.5L17.5 11",
  clip: "M19 11l-7.2 7.2a4.2 4.2 0 0 1-6-6L13.4 4.6a2.8 2.8 0 0 1 4 4L10 16a1.4 1.4 0 0 1-2-2l6.6-6.6",
  upload: "M12 16V5M7.5 9.5L12 5l4.5 4.5M5 19h14",
  download: "M12 5v11M7.5 11.5L12 16l4.5-4.5M5 19h14",
  cloudOff: "M4 4l16 16M8.6 8.2A6.4 6.4 0 0 0 7 10a4.3 4.3 0 0 0 .3 8.5h9.5M12 6.6c2.7 0 5 1.8 5.6 4.3a3.9 3.9 0 0 1 2.5 6",
  warning: "M12 4.5L21 19.5H3zM12 10v4.2M12 16.9v.1",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13a6.5 6.5 0 0 0 0 13zM15.3 15.3L20 20",
  filter: "M4.5 6h15M7.5 12h9M10.5 18h3",
  back: "M14.5 6l-6 6l6 6",
  next: "M9.5 6l6 6l-6 6",
  down: "M6 9.5l6 6l6-6",
  close: "M6 6l12 12M18 6L6 18",
  chart: "M5 20v-9M12 20V5M19 20v-6",
  flag: "M6 21V4.5M6 5h11.5l-2.5 4l2.5 4H6",
  gear: "M12 15a3 3 0 1 0 0-6a3 3 0 0 0 0 6zM12 3v2.5M12 18.5V21M3 12h2.5M18.5 12H21M5.6 5.6l1.8 1.8M16.6 16.6l1.8 1.8M18.4 5.6l-1.8 1.8M7.4 16.6l-1.8 1.8",
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}
