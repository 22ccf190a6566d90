import type { ComponentChildren } from "preact";

import {
  AllPage,
  ApplicationPage,
  CheckPage,
  EditPage,
  NewPage,
  SentPage,
} from "../features/applications";
import { HelpPage } from "../features/help/HelpPage";
import { HomePage } from "../features/home/HomePage";
import { FirstPage } from "../features/profile/FirstPage";
import { ProfilePage } from "../features/profile/ProfilePage";
import { UnknownPage } from "./ErrorScreen";
import { match } from "./router";

type Screen = (params: Record<string, string>) => ComponentChildren;

/** The one resolver of routes (ux.md B8); what a person may see is the server's answer, not the route's. */
const screens: [string, Screen][] = [
  ["/", () => <HomePage />],
  ["/new", () => <NewPage />],
  ["/new/check", () => <CheckPage />],
  ["/sent/:number", ({ number = "" }) => <SentPage key={number} number={number} />],
  ["/r/:number", ({ number = "" }) => <ApplicationPage key={number} number={number} />],
  ["/r/:number/edit", ({ number = "" }) => <EditPage key={number} number={number} />],
  ["/all", () => <AllPage />],
  ["/me", () => <ProfilePage />],
  ["/profile", () => <FirstPage />],
  ["/help", () => <HelpPage />],
];

export function screenFor(path: string): ComponentChildren {
  for (const [pattern, screen] of screens) {
    const params = match(pattern, path);
    if (params) return screen(params);
  }
  return <UnknownPage />;
}
