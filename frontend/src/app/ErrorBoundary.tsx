import { Component, type ComponentChildren } from "preact";

import { networkError } from "../api/errors";
import { host } from "../platform";
import { forgetData } from "./data";
import { ErrorScreen, UpdatePage } from "./ErrorScreen";
import { CLIENT_ERROR } from "./failure";
import { reportError } from "./telemetry";

interface Props {
  /** A new place is a new chance: the boundary forgets its error when the route changes. */
  place: string;
  children: ComponentChildren;
}

interface State {
  error: unknown;
  place: string;
}

/** A screen that throws gives way to the error page and is reported once; the rest of the app stays alive. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, place: this.props.place };

  static override getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static override getDerivedStateFromProps(props: Props, state: State): State {
    return props.place === state.place ? state : { error: null, place: props.place };
  }

  override componentDidCatch(error: unknown): void {
    if (!isMissingPiece(error)) reportError(error, CLIENT_ERROR);
  }

  render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    if (isMissingPiece(error)) return host.online.peek() ? <UpdatePage /> : <ErrorScreen error={networkError("offline")} />;
    return <ErrorScreen error={error} onRetry={() => void this.retry()} />;
  }

  /** The same data would throw again: it may be the data. */
  private async retry(): Promise<void> {
    await forgetData().catch(() => null);
    this.setState({ error: null });
  }
}

/** A lazy piece that did not come: an update has removed it from the server, or there is no network. */
function isMissingPiece(error: unknown): boolean {
  return error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);
}
