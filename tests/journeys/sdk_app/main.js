// The unmodified SDK in a page of its own: tests call it from outside and look at what came back.
import * as sdk from "@expressms/smartapp-sdk";

window.sdk = sdk;
window.received = [];
sdk.Bridge?.onReceive((event) => window.received.push(event));
window.launch = { search: location.search, hasBridge: Boolean(sdk.Bridge) };
