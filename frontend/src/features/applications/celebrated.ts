/** Applications sent in this visit. «Заявка отправлена» is shown once; the same link shows the state of things later (E8). */
export const celebrated = new Map<string, "now" | "before">();
