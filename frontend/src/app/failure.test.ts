import { expect, it } from "vitest";

import { ApiError, networkError } from "../api/errors";
import { describe as explain, sentence } from "./failure";

const error = (status: number, facts: object = {}) =>
  new ApiError({ type: "about:blank", title: "", status, code: "some_code", ...facts });

it("gives every failure a code to quote", () => {
  expect(explain(error(404)).code).toBe("EB-0404");
  expect(explain(error(403)).code).toBe("EB-0403");
  expect(explain(error(500, { incident: "7F3A" })).code).toBe("EB-0500 · 7F3A");
  expect(explain(networkError("offline")).code).toBe("EB-0000");
  expect(explain(new Error("thrown")).code).toBe("EB-0001");
});

it("offers to try again only where that can help", () => {
  expect([error(404), error(403), error(500), error(503)].map((each) => explain(each).retry)).toEqual([false, false, true, true]);
});

it("says until when planned work lasts", () => {
  const until = new Date(2026, 10, 23, 14, 0).toISOString();
  expect(explain(error(503, { until })).text).toContain("14:00");
});

it("lets the server's own sentence through", () => {
  expect(sentence(error(409, { detail: "Приём закрылся." }))).toBe("Приём закрылся.");
});
