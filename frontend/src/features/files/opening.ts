import { outsideAddress } from "../../api/transport";
import { host } from "../../platform";

/** A link of the server that needs no session: the messenger opens it outside, a browser saves what it is. */
export function openLink(url: string): void {
  const address = outsideAddress(url);
  if (!host.openOutside?.(address)) download(address);
}

/** The answer is an attachment: the page stays where it is. */
function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
