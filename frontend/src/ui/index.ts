/** The kit of small parts that every screen is made of. */
export { Button, ButtonLink } from "./Button";
export { Card, Details, Notice, type Tone } from "./Card";
export { ErrorPage } from "./ErrorPage";
export { ErrorSummary, focusField } from "./ErrorSummary";
export { BooleanField, ChoiceField, MultiChoice } from "./fields/ChoiceField";
export { DateField } from "./fields/DateField";
export { fieldId } from "./fields/frame";
export { TextArea } from "./fields/TextArea";
export { NumberField, TextField } from "./fields/TextField";
export { Icon, type IconName } from "./Icon";
export { LocationSelector } from "./location/LocationSelector";
export { Sheet } from "./Sheet";
export { Skeleton } from "./Skeleton";
export { StickyBar } from "./StickyBar";
export { StatusTag, Tag } from "./Tag";
export { Timeline, type TimelineItem } from "./Timeline";
export { toast, ToastRegion } from "./Toast";
