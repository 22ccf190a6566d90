import { Icon } from "../../ui/Icon";
import type { ButtonView, MessageView } from "../data/types";
import { press } from "./actions";

interface Props {
  message: MessageView;
  markup: "bubble" | "keyboard";
}

/** Rows of buttons, as wide as the bot asks for; what the bot calls a keyboard stands under the input. */
export function Keyboard({ message, markup }: Props) {
  const rows = message[markup];
  if (rows.length === 0) return null;
  return (
    <div class="kb" data-keyboard={message.id}>
      {rows.map((row, r) => (
        <div key={r} class={row.length > 4 ? "kb-row many" : "kb-row"}>
          {row.map((button, c) => (
            <Key key={c} button={button} onPress={() => void press(message, markup, r, c)} />
          ))}
        </div>
      ))}
    </div>
  );
}

function Key({ button, onPress }: { button: ButtonView; onPress: () => void }) {
  const { link, background_color: background, font_color: color, h_size: grow, align } = button.opts ?? {};
  const look = {
    ...(grow ? { flexGrow: grow } : {}),
    ...(align === "left" || align === "right" ? { textAlign: align } : {}),
    ...(background ? { background, borderColor: background, color: color ?? readableOn(background) } : color ? { color } : {}),
  } as const;
  return (
    <button type="button" class="key" style={look} onClick={onPress}>
      {/* a label of blanks keeps its place in a calendar and says nothing */}
      {button.label.trim() === "" ? <span class="vh">·</span> : button.label}
      {link && <Icon name="next" />}
    </button>
  );
}

/** Black or white, whichever can be read on the bot's colour. */
export function readableOn(background: string): string {
  const hex = /^#([0-9a-f]{6})$/i.exec(background)?.[1];
  if (!hex) return "#000000";
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#000000" : "#FFFFFF";
}

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}
