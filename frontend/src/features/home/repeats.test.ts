import { expect, it } from "vitest";

import type { Card } from "../../api/types";
import { approved, certificate, flight } from "../../testing/fixtures";
import { repeatsOf } from "./repeats";

const to = (direction: Card["answers"][string]): Card => ({ ...approved("ru"), answers: { direction } });
const moscow = { location: "msk" };

it("offers the newest three different ones", () => {
  const cards = [to("vvo"), to("vvo"), to("khv"), to("hrg"), to("kuf")];
  expect(repeatsOf(flight("ru"), cards, moscow).map(({ code }) => code)).toEqual(["vvo", "khv", "hrg"]);
});

it("offers nothing that this base does not fly to, that is gone, or that was written by hand", () => {
  const cards = [to("aer"), to("nowhere"), to({ other: "Луна" })];
  expect(repeatsOf(flight("ru"), cards, moscow)).toEqual([]);
});

it("keeps each form's history apart", () => {
  expect(repeatsOf(certificate("ru"), [to("vvo")], moscow)).toEqual([]);
});
