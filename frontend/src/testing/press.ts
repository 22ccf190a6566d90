/** Presses for the states of the gallery: by what is seen or by the name that is heard. */
export type Settle = () => Promise<void>;

/** The first button, link or radio whose text or name begins so; throws when there is none. */
export async function press(settle: Settle, name: string, within: ParentNode = document): Promise<void> {
  const controls = within.querySelectorAll<HTMLElement>("button, a, label, input");
  const found = [...controls].find((control) => nameOf(control).startsWith(name));
  if (!found) throw new Error(`nothing to press: ${name}`);
  found.focus();
  found.click();
  await settle();
}

export async function type(settle: Settle, selector: string, text: string): Promise<void> {
  const field = document.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector);
  if (!field) throw new Error(`nothing to write into: ${selector}`);
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
}

export async function leave(settle: Settle): Promise<void> {
  (document.activeElement as HTMLElement | null)?.blur();
  await settle();
}

function nameOf(control: HTMLElement): string {
  return (control.getAttribute("aria-label") ?? control.textContent).replaceAll("\u00a0", " ").trim();
}
