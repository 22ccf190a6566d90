/** What the first load does not need (ux.md G: its budget): everything but home, the new application and its end. */
import { learn } from "../i18n";
import { later } from "../i18n/ru/later";

learn(later);

export { AllPage } from "../features/applications/AllPage";
export { ApplicationPage } from "../features/applications/ApplicationPage";
export { EditPage } from "../features/applications/EditPage";
export { GuestPage } from "../features/channels/GuestPage";
export { attach, FilesField, openFiles } from "../features/files/FilesField";
export { FilesValue } from "../features/files/FilesValue";
export { HelpPage } from "../features/help/HelpPage";
export { FirstPage } from "../features/profile/FirstPage";
export { ProfilePage } from "../features/profile/ProfilePage";
export { StatisticsPage } from "../features/statistics/StatisticsPage";
export { SignInPage } from "./SignInPage";
