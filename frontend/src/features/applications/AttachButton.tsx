import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

import { loadLater } from "../../app/Lazy";
import { host } from "../../platform";
import { Icon } from "../../ui/Icon";
import type { Field } from "./fields";
import type { FormSession } from "./session";

interface AttachButtonProps {
  session: FormSession;
  field: Field;
  class: string;
  /** The device's own picker even where the messenger has one. */
  own?: boolean;
  /** Something is chosen, or is being chosen in the messenger. */
  onPicked?: () => void;
  children: ComponentChildren;
}

/** Opens the picker at once; on phones it offers the camera too. In eXpress the client picks and uploads (ux B5). */
export function AttachButton({ session, field, class: look, own = false, onPicked, children }: AttachButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const attach = (files: File[] | null) => {
    onPicked?.();
    void loadLater().then((later) => later.attach(session, field, files));
  };
  const press = () => (host.uploads && !own ? attach(null) : input.current?.click());
  const pick = ({ currentTarget: chosen }: { currentTarget: HTMLInputElement }) => {
    const files = [...(chosen.files ?? [])];
    chosen.value = "";
    if (files.length > 0) attach(files);
  };
  return (
    <>
      <button type="button" class={look} onClick={press}>
        <Icon name="clip" />
        {children}
      </button>
      <input ref={input} type="file" hidden multiple={field.max_files !== 1} accept={acceptOf(field)} onChange={pick} />
    </>
  );
}

/** Media types, and endings where a desktop may not know the type; phones offer the camera where pictures are wanted. */
function acceptOf({ types = [] }: Field): string | undefined {
  const ways = types.flatMap((type) => {
    const [kind, ending] = type.replace(/^\./, "").split("/");
    if (ending === undefined) return `.${kind ?? ""}`;
    return kind === "image" ? [type, `.${ending}`] : type;
  });
  return ways.length > 0 ? ways.join(",") : undefined;
}
