// Telegram's web client around the frame. It draws no bars: it only writes down what it is told.
const address = new URL(decodeURIComponent(location.hash.slice(1)));

const telegram = (window.telegram = {
  /** Every event of the app, as it came. */
  events: [],
  push(eventType, eventData) {
    frame.contentWindow.postMessage(JSON.stringify({ eventType, eventData }), address.origin);
  },
});

addEventListener("message", ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== address.origin) return;
  const { eventType, eventData } = JSON.parse(data);
  telegram.events.push({ method: eventType, params: eventData ?? null });
  if (eventType === "web_app_request_viewport") {
    telegram.push("viewport_changed", { height: innerHeight, width: innerWidth, is_expanded: true, is_state_stable: true });
  }
});

const frame = document.createElement("iframe");
frame.name = "app";
frame.allow = "clipboard-write";
frame.src = address;
document.body.append(frame);
