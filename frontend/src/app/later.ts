/** What the first load does not need (ux.md G: its budget): everything but home, the new application and its end. */
export { AllPage } from "../features/applications/AllPage";
export { ApplicationPage } from "../features/applications/ApplicationPage";
export { EditPage } from "../features/applications/EditPage";
export { HelpPage } from "../features/help/HelpPage";
export { FirstPage } from "../features/profile/FirstPage";
export { ProfilePage } from "../features/profile/ProfilePage";
export { SignInPage } from "./SignInPage";
