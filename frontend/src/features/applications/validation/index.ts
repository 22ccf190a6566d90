export { clean, cleanValue, isBlank } from "./clean";
export type { FieldProblem, Form, RawAnswers } from "./types";
export { validate, validateField } from "./validate";
export { isVisible, visibleFields, withoutHidden } from "./visibility";
