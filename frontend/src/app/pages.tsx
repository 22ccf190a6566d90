import type { ComponentChildren } from "preact";

import { CheckPage } from "../features/applications/CheckPage";
import { NewPage } from "../features/applications/NewPage";
import { SentPage } from "../features/applications/SentPage";
import { HomePage } from "../features/home/HomePage";
import { config } from "./config";
import { UnknownPage } from "./ErrorScreen";
import { Lazy, LazyDesk } from "./Lazy";
import { match } from "./router";

type Screen = (params: Record<string, string>) => ComponentChildren;

/** The one resolver of routes (ux.md B8); what a person may see is the server's answer, not the route's. */
const screens: [string, Screen][] = [
  ["/", () => <HomePage />],
  ["/new", () => <NewPage />],
  ["/new/check", () => <CheckPage />],
  ["/sent/:number", ({ number = "" }) => <SentPage key={number} number={number} />],
  ["/r/:number", ({ number = "" }) => <Lazy draw={(later) => <later.ApplicationPage key={number} number={number} />} />],
  ["/r/:number/edit", ({ number = "" }) => <Lazy draw={(later) => <later.EditPage key={number} number={number} />} />],
  ["/all", () => <Lazy draw={(later) => <later.AllPage />} />],
  ["/statistics", () => <Lazy draw={(later) => <later.StatisticsPage />} />],
  ["/desk/statistics", () => <LazyDesk draw={(desk) => <desk.DeskPage />} />],
  ["/desk/statistics/rows", () => <LazyDesk draw={(desk) => <desk.RowsPage />} />],
  ["/me", () => <Lazy draw={(later) => <later.ProfilePage />} />],
  ["/profile", () => <Lazy draw={(later) => <later.FirstPage />} />],
  ["/help", () => <Lazy draw={(later) => <later.HelpPage />} />],
];

/** The demo can show what people see when a screen throws; elsewhere there is no such page. */
const BROKEN = "/broken";

export function screenFor(path: string): ComponentChildren {
  if (path === BROKEN && config.mode !== "production") throw new Error("broken on purpose");
  for (const [pattern, screen] of screens) {
    const params = match(pattern, path);
    if (params) return screen(params);
  }
  return <UnknownPage />;
}
