import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { describe, expect, it } from "vitest";

import { user } from "../../app/session";
import * as f from "../../testing/fixtures";
import { calls, problem } from "../../testing/mock";
import { visit } from "../../testing/visit";
import { ToastRegion } from "../../ui/Toast";
import { NotificationsSection } from "./NotificationsSection";

const both = f.preferences({ channels: ["express", "telegram"] });
const patches = () => calls.filter(({ method }) => method === "PATCH").map(({ body }) => body);
const row = (name: string, at = 0) => screen.findAllByRole("checkbox", { name }).then((rows) => rows[at] as HTMLInputElement);
const said = () => document.body.textContent.replace(/\u00a0/g, " ");

describe("notifications", () => {
  it("tick what comes; decisions cannot be switched off at all", async () => {
    visit(<NotificationsSection />);
    expect((await row("Открылся приём")).checked).toBe(true);
    expect((await row("Заявка отправлена")).checked).toBe(false);
    expect(said()).toContain("Решения и вопросы по заявкам приходят всегда.");
    expect(screen.queryByRole("checkbox", { name: /[Рр]ешени/ })).toBeNull();
  });

  it("are switched per channel, at once, and the other channel stays", async () => {
    visit(<NotificationsSection />, { "GET me/notifications": both });
    const reminders = await row("Напоминания о сроке и черновике", 1);
    fireEvent.click(reminders);
    await waitFor(() => expect(patches()).toEqual([{ muted: { express: ["receipts"], telegram: ["reminders"] } }]));
  });

  it("two changes in a row are both kept, in their order", async () => {
    visit(<NotificationsSection />);
    fireEvent.click(await row("Открылся приём"));
    fireEvent.click(await row("Заявка отправлена"));
    await waitFor(() => expect(patches()).toHaveLength(2));
    expect(patches()).toEqual([{ muted: { express: ["openings", "receipts"] } }, { muted: { express: ["openings"] } }]);
  });

  it("go back to what the server has when it said no", async () => {
    visit(<><NotificationsSection /><ToastRegion /></>, { "PATCH me/notifications": problem(503, "database_unavailable") });
    const openings = await row("Открылся приём");
    fireEvent.click(openings);
    await waitFor(() => expect(said()).toContain("Не сохранили."));
    await waitFor(async () => expect((await row("Открылся приём")).checked).toBe(true));
  });

  it("offer a digest to whoever decides, and to nobody else", async () => {
    visit(<NotificationsSection />);
    await row("Открылся приём");
    expect(screen.queryByRole("checkbox", { name: /Сводка/ })).toBeNull();
    user.value = f.user("ru", { roles: ["employee", "dispatcher"] });
    expect(await row("Сводка за сутки для диспетчера")).toBeTruthy();
  });

  it("ask where to write first only where there is a choice", async () => {
    visit(<NotificationsSection />);
    await row("Открылся приём");
    expect(screen.queryByText("Куда писать сначала")).toBeNull();
    const patch = ({ body }: { body: object }) => f.patched(both, body);
    visit(<NotificationsSection />, { "GET me/notifications": both, "PATCH me/notifications": patch });
    fireEvent.click(await screen.findByRole("radio", { name: "Telegram" }));
    await waitFor(() => expect(patches()).toEqual([{ preferred: "telegram" }]));
    fireEvent.click(screen.getByRole("radio", { name: "Туда, где я был последним" }));
    await waitFor(() => expect(patches().at(-1)).toEqual({ preferred: null }));
  });

  it("keep quiet by the person's own clock", async () => {
    visit(<NotificationsSection />);
    const from = await screen.findByLabelText<HTMLSelectElement>("С");
    expect(from.value).toBe("22:00");
    fireEvent.change(from, { target: { value: "23:30" } });
    await waitFor(() => expect(patches()[0]).toMatchObject({ quiet: { from: "23:30", on: true } }));
    fireEvent.change(screen.getByLabelText("Часовой пояс"), { target: { value: "Asia/Vladivostok" } });
    await waitFor(() => expect(patches()[1]).toEqual({ timezone: "Asia/Vladivostok" }));
    fireEvent.change(screen.getByLabelText("Часовой пояс"), { target: { value: "" } });
    await waitFor(() => expect(patches()[2]).toEqual({ timezone: null }));
  });

  it("show hours and a zone that were set elsewhere", async () => {
    const quiet = { from: "21:45:00", to: "07:00:00", on: true };
    visit(<NotificationsSection />, { "GET me/notifications": f.preferences({ quiet, timezone: "Asia/Tokyo", timezone_chosen: true }) });
    expect((await screen.findByLabelText<HTMLSelectElement>("С")).value).toBe("21:45");
    expect(screen.getByLabelText<HTMLSelectElement>("Часовой пояс").value).toBe("Asia/Tokyo");
    expect(said()).toContain("Tokyo, UTC+9");
  });

  it("hide the hours where nothing is to be quiet", async () => {
    visit(<NotificationsSection />);
    fireEvent.click(await row("Не беспокоить ночью"));
    await waitFor(() => expect(screen.queryByLabelText("С")).toBeNull());
    expect(patches()).toEqual([{ quiet: { from: "22:00:00", to: "08:00:00", on: false } }]);
  });

  it("say when there is nowhere to write to", async () => {
    visit(<NotificationsSection />, { "GET me/notifications": f.preferences({ channels: [] }) });
    await waitFor(() => expect(said()).toContain("Писать пока некуда."));
  });
});
