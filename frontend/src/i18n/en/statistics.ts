/** E11: one's own figures. */
export const statistics = {
  "stats.title": "My statistics",
  "stats.form": "Form",
  "stats.mine": "My figures",
  "stats.filed": { one: "request filed", other: "requests filed" },
  "stats.approved": { one: "approved", other: "approved" },
  "stats.days": { one: "day on average until a decision", other: "days on average until a decision" },
  "stats.days.none": "no decisions yet",
  "stats.empty": "No requests yet. Here you will see how many you have filed, how many were approved, and how long decisions took.",
  "stats.row": "{filed} filed, {approved} approved",
  "stats.last": "Latest approved date: {date}",
  "stats.last.none": "No approved dates yet",
  "stats.raises": "What raises your chance",
  "stats.public": "What people choose now: {period}",
  "stats.public.total": { one: "{count} request in all.", other: "{count} requests in all." },
  "stats.public.few": "There are too few requests to show them without pointing at people.",
  "stats.public.hidden": {
    one: "{count} more choice is made by fewer than five people and is not shown.",
    other: "{count} more choices are made by fewer than five people and are not shown.",
  },
  "stats.desk": "Statistics of all requests",
  "stats.desk.note": "For dispatchers: demand, deadlines, fairness",
} as const;
