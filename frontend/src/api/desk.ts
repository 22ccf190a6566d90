import { overHttp, request } from "./transport";
import type { FileLink } from "./files";
import type { AskFile, QuestionsAnswer, RowsPage } from "./types";

type Query = Record<string, string | number | undefined>;

/** What the desk asks. It has no names over a messenger's bridge: HTTP is its only way. */
const get = <T>(path: string, query: Query) => request<T>("GET", `desk/${path}`, { query }, overHttp);

export const desk = {
  questions: (form: string, period?: number, compare?: "previous") => get<QuestionsAnswer>("statistics/questions", { form, period, compare }),
  /** A link to the figures that needs no session: what opens it may be another program. */
  file: (body: AskFile, key: string) => request<FileLink>("POST", "desk/statistics/questions/file", { body, key }, overHttp),
  /** The applications behind a figure: the figure's own query. */
  rows: (query: Query, cursor?: string) => get<RowsPage>("statistics/rows", { ...query, cursor }),
};
