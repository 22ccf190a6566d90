/** Presses for the states of the gallery: by what is seen or by the name that is heard. */
export type Settle = () => Promise<void>;

/** The first button, link or radio whose text or name begins so; throws when there is none. */
export async function press(settle: Settle, name: string, within: ParentNode = document): Promise<void> {
  const found = await eventually(() => {
    const controls = within.querySelectorAll<HTMLElement>("button, a, label, input");
    return [...controls].find((control) => nameOf(control).startsWith(name));
  }, name);
  found.focus();
  found.click();
  await settle();
}

export async function type(settle: Settle, selector: string, text: string): Promise<void> {
  const field = await eventually(() => document.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector), selector);
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await settle();
}

export async function leave(settle: Settle): Promise<void> {
  (document.activeElement as HTMLElement | null)?.blur();
  await settle();
}

/** The screen may still be loading. */
export async function eventually<T>(look: () => T | null | undefined, what: string): Promise<T> {
  for (let tries = 0; tries < 40; tries += 1) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`not there: ${what}`);
}

function nameOf(control: HTMLElement): string {
  return (control.getAttribute("aria-label") ?? control.textContent).replaceAll("\u00a0", " ").trim();
}
