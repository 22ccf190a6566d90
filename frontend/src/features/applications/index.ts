/** What other rooms may use of the applications' room. */
export { AllPage } from "./AllPage";
export { ApplicationPage } from "./ApplicationPage";
export { ApplicationRow, QueuedRow } from "./ApplicationRow";
export { CheckPage } from "./CheckPage";
export { EditPage } from "./EditPage";
export { NewPage } from "./NewPage";
export { SimpleSwitch } from "./SimpleSwitch";
export { startQueue, useQueue, type QueuedItem } from "./queue";
export { SentPage } from "./SentPage";
export { useDraft, type DraftSummary } from "./useDraft";
