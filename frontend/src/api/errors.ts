import type { FieldError, Problem } from "./types";

/** What a failed call tells: the server's problem document, or `network: true` when no answer came at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: FieldError[];
  /** Everything else of the problem document: `closes_at`, `number`, `version`, `incident`… */
  readonly extensions: Record<string, unknown>;
  /** The request may or may not have reached the server; a mutation may be repeated with the same key. */
  readonly network: boolean;

  constructor(problem: Problem, network = false) {
    const { type: _type, title, status, code, detail, errors, ...extensions } = problem;
    super(`${String(status)} ${code}`);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.detail = detail ?? title;
    this.errors = errors ?? [];
    this.extensions = extensions;
    this.network = network;
  }
}

/** No answer: offline, refused, timed out. The code is ours, the server never sends it. */
export function networkError(reason: "offline" | "timeout"): ApiError {
  return new ApiError({ type: "about:blank", title: "", status: 0, code: `network_${reason}` }, true);
}

/** An answer that is no problem document (a proxy's page, say) still becomes one error with a stable code. */
export function problemOf(status: number, body: unknown): Problem {
  if (typeof body === "object" && body !== null && typeof (body as Partial<Problem>).code === "string") {
    return { ...(body as Problem), status };
  }
  const code = status === 502 || status === 503 || status === 504 ? "core_unavailable" : `http_${String(status)}`;
  return { type: "about:blank", title: "", status, code };
}

export function isApiError(error: unknown): error is ApiError {
  return error instanceof ApiError;
}
