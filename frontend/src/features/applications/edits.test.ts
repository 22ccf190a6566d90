import { beforeEach, expect, it, vi } from "vitest";

import { user } from "../../app/session";
import { flight, user as person } from "../../testing/fixtures";
import { submittedView } from "../../testing/fixtures/views";
import { EditCopy } from "./edits";
import { chooseSimple, restoreSimple, simple } from "./simple";

let people = 0;

beforeEach(() => {
  user.value = person("ru", { id: `edits-${String(++people)}` });
  localStorage.clear();
});

const copy = () => new EditCopy(submittedView("ru"), flight("ru"));
const answer = (of: EditCopy, name: string) => of.session.answers.value[name];

it("finds what was changed where only the host's own store has kept it", async () => {
  copy().session.set("date", "2027-01-16");
  localStorage.clear();
  const again = copy();
  await vi.waitFor(() => expect(answer(again, "date")).toBe("2027-01-16"));
});

it("keeps what is typed before that store has answered", async () => {
  copy().session.set("date", "2027-01-16");
  localStorage.clear();
  const again = copy();
  again.session.set("date", "2027-01-20");
  again.session.set("wishes", "утром");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([answer(again, "date"), answer(again, "wishes")]).toEqual(["2027-01-20", "утром"]);
});

it("remembers the simple way of filling in where the page may keep nothing", async () => {
  chooseSimple(true);
  localStorage.clear();
  simple.value = false;
  await vi.waitFor(async () => {
    await restoreSimple();
    expect(simple.value).toBe(true);
  });
});
