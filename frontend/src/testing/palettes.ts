import type { ThemeParams } from "../platform/telegram-launch";

/** Background, page under sections, section; text, hint, subtitle; link, accent, button, text on the button. */
type Row = [bg: string, page: string, section: string, text: string, hint: string, subtitle: string, link: string, accent: string, button: string, onButton: string];

/** Colours that Telegram's clients have sent for their themes, as their users have published them. */
const rows: Record<string, Row> = {
  "iOS, day": ["#ffffff", "#efeff4", "#ffffff", "#000000", "#8e8e93", "#8e8e93", "#007aff", "#007aff", "#007aff", "#ffffff"],
  "iOS, night": ["#000000", "#1c1c1d", "#2c2c2e", "#ffffff", "#98989e", "#98989e", "#3e88f7", "#3e88f7", "#3e88f7", "#ffffff"],
  "iOS, an older day": ["#ffffff", "#efeff3", "#ffffff", "#000000", "#999999", "#999999", "#2481cc", "#2481cc", "#2481cc", "#ffffff"],
  "Android, day": ["#ffffff", "#f0f0f0", "#ffffff", "#222222", "#a8a8a8", "#82868a", "#2678b6", "#1c93e3", "#50a8eb", "#ffffff"],
  "Android, dark blue": ["#212d3b", "#151e27", "#1d2733", "#ffffff", "#7d8b99", "#7b8790", "#5eabe1", "#64b5ef", "#50a8eb", "#ffffff"],
  "Android, night": ["#1e1e1e", "#000000", "#181819", "#ffffff", "#7d7d7d", "#7e7e7f", "#57a7e0", "#64b5ef", "#50a8eb", "#ffffff"],
  "Desktop, day": ["#ffffff", "#f1f1f1", "#ffffff", "#000000", "#999999", "#999999", "#168acd", "#168acd", "#40a7e3", "#ffffff"],
  "Desktop, night": ["#17212b", "#232e3c", "#17212b", "#f5f5f5", "#708499", "#708499", "#6ab3f3", "#6ab2f2", "#5288c1", "#ffffff"],
  "Desktop, night of another version": ["#17212b", "#232e3c", "#17212b", "#f5f5f5", "#708599", "#708599", "#6ab3f3", "#6ab3f2", "#5289c1", "#ffffff"],
  "Desktop, teal": ["#282e33", "#313b43", "#282e33", "#f5f5f5", "#82868a", "#82868a", "#4be1c3", "#79e8da", "#3fc1b0", "#ffffff"],
  "Desktop, midnight": ["#0e1621", "#17212b", "#17212b", "#f5f5f5", "#708499", "#708499", "#6ab3f3", "#6ab2f2", "#5288c1", "#ffffff"],
  "macOS, day with teal": ["#ffffff", "#efeff3", "#ffffff", "#000000", "#999999", "#999999", "#008d94", "#008d94", "#008d94", "#ffffff"],
  "macOS, dark": ["#282828", "#1c1c1c", "#282828", "#ffffff", "#ffffff", "#ffffff", "#007aff", "#007aff", "#007aff", "#ffffff"],
  "macOS, tinted": ["#18222d", "#131415", "#18222d", "#ffffff", "#b1c3d5", "#b1c3d5", "#62bcf9", "#2ea6ff", "#2ea6ff", "#ffffff"],
  "Web K, day": ["#ffffff", "#f4f4f5", "#ffffff", "#000000", "#707579", "#707579", "#3390ec", "#3390ec", "#3390ec", "#ffffff"],
  "Web K, night": ["#212121", "#181818", "#212121", "#ffffff", "#aaaaaa", "#aaaaaa", "#8774e1", "#8774e1", "#8774e1", "#ffffff"],
  "Web A, night": ["#212121", "#0f0f0f", "#212121", "#ffffff", "#aaaaaa", "#aaaaaa", "#8774e1", "#8774e1", "#8774e1", "#ffffff"],
  "a theme of one's own, orange": ["#121212", "#181818", "#1f1f1f", "#f2efe8", "#aba59b", "#aba59b", "#ca6534", "#ca6534", "#ca6534", "#ffffff"],
  "a theme of one's own, grey": ["#313b43", "#282e33", "#313b43", "#dddddd", "#8a8a8a", "#8a8a8a", "#3fc1b0", "#3fc1b0", "#3fc1b0", "#000000"],
  "a client of before sections": ["#17212b", "#232e3c", "", "#f5f5f5", "#708499", "", "#6ab3f3", "", "#5288c1", "#ffffff"],
  "a client that names three": ["#2c2c2c", "", "#2c2c2c", "#ffffff", "", "", "", "", "", ""],
};

export const palettes: Record<string, ThemeParams> = Object.fromEntries(
  Object.entries(rows).map(([name, [bg, page, section, text, hint, subtitle, link, accent, button, onButton]]) => [
    name,
    withoutEmpty({
      bg_color: bg, secondary_bg_color: page, section_bg_color: section, text_color: text, hint_color: hint,
      subtitle_text_color: subtitle, link_color: link, accent_text_color: accent, button_color: button, button_text_color: onButton,
    }),
  ]),
);

function withoutEmpty(colours: Record<string, string>): ThemeParams {
  return Object.fromEntries(Object.entries(colours).filter(([, colour]) => colour !== ""));
}
