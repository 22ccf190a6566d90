import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";

import { host, type Host } from "../platform";
import { ToastRegion } from "../ui/Toast";
import { ChatButton } from "./ChatButton";
import { CopyButton } from "./CopyButton";

const lent = host as { -readonly [name in keyof Host]: Host[name] };
const draw = (button: preact.ComponentChildren) => render(<>{button}<ToastRegion /></>);
const toast = () => screen.getByRole("status").textContent.replace(/\u00a0/g, " ");

afterEach(() => {
  cleanup();
  lent.openChat = null;
  vi.unstubAllGlobals();
});

describe("the way to the chat", () => {
  it("is not drawn where there is none", () => {
    draw(<ChatButton label="Чат" />);
    expect(screen.queryByRole("button", { name: "Чат" })).toBeNull();
  });

  it("is taken without a word", async () => {
    lent.openChat = vi.fn(() => Promise.resolve(true));
    draw(<ChatButton label="Чат" />);
    fireEvent.click(screen.getByRole("button", { name: "Чат" }));
    await Promise.resolve();
    expect(lent.openChat).toHaveBeenCalledOnce();
    expect(toast()).toBe("");
  });

  it("says where the chat is when the messenger did not go there", async () => {
    lent.openChat = () => Promise.resolve(false);
    draw(<ChatButton label="Чат" />);
    fireEvent.click(screen.getByRole("button", { name: "Чат" }));
    await vi.waitFor(() => expect(toast()).toContain("Чат не открылся. Найдите бота в списке чатов."));
  });
});

describe("a link to be passed on", () => {
  const button = (link: string | null) => (
    <CopyButton label="Скопировать" make={() => Promise.resolve(link)} done="Готово" none="Не получилось" field="Ссылка" />
  );
  const press = () => fireEvent.click(screen.getByRole("button", { name: "Скопировать" }));

  it("is copied", async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    draw(button("https://xlnk.example/1"));
    press();
    await vi.waitFor(() => expect(toast()).toContain("Готово"));
    expect(writeText).toHaveBeenCalledWith("https://xlnk.example/1");
  });

  it("is shown where the frame may not use the clipboard", async () => {
    vi.stubGlobal("navigator", { clipboard: { writeText: () => Promise.reject(new Error("denied")) } });
    draw(button("https://xlnk.example/1"));
    press();
    const field = await screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Ссылка" });
    expect(field.value).toBe("https://xlnk.example/1");
  });

  it("that cannot be made is not promised", async () => {
    draw(button(null));
    press();
    await vi.waitFor(() => expect(toast()).toContain("Не получилось"));
    expect(screen.queryByRole("textbox")).toBeNull();
  });
});
