/** Tests in which somebody talks to the desk on the page of an application. */
import { fireEvent, screen } from "@testing-library/preact";

import type { ApplicationView } from "../api/types";
import { ApplicationPage } from "../features/applications/ApplicationPage";
import { calls, type Routes } from "./mock";
import { visit } from "./visit";

export const plain = (text: string | null | undefined) => (text ?? "").replaceAll("\u00a0", " ");
export const page = () => plain(document.body.textContent);
export const posted = (action: string) => calls.filter(({ method, path }) => method === "POST" && path.endsWith(`/${action}`));
export const bodies = (action: string) => posted(action).map(({ body }) => body);
export const keys = (action: string) => posted(action).map(({ headers }) => headers.get("Idempotency-Key"));
export const press = async (name: string | RegExp) => void fireEvent.click(await screen.findByRole("button", { name }));
export const write = async (label: string, text: string) => void fireEvent.input(await screen.findByLabelText(label), { target: { value: text } });
export const said = () => [...document.querySelectorAll(".timeline > li")].map((item) => [item.querySelector("b"), item.querySelector(".said")].map((each) => plain(each?.textContent)));

/** What the server keeps: a press changes it. */
export function server(view: ApplicationView, after: ApplicationView): Routes {
  let current = view;
  const actions = ["answer", "take", "decline-offer", "ask"].map((name) => [`POST applications/:number/${name}`, () => (current = after)]);
  return { "GET applications/:number": () => current, ...(Object.fromEntries(actions) as Routes) };
}

export function open(view: ApplicationView, after: ApplicationView, routes: Routes = {}): void {
  visit(<ApplicationPage number={view.number} />, { ...server(view, after), ...routes });
}
