import { Link } from "../../app/router";
import "./charts.css";
import { columnsOf, say, type Plot } from "./model";

/** The same figures as a table; the name of a row leads to its rows. Roles are named, for a table laid out as lines has none. */
export function PlotTable({ plot, name }: { plot: Plot; name: string }) {
  const columns = columnsOf(plot);
  return (
    <div class={plot.before === undefined ? "chart-table" : "chart-table compared"}>
      {plot.note && <p class="cap">{plot.note}</p>}
      <table role="table">
        <caption class="vh">{name}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">{plot.label}</th>
            {columns.map(({ label, short }) => (
              <th key={label} role="columnheader" scope="col" aria-label={short === label ? undefined : label}>{short}</th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {plot.marks.map(({ key, label, href, ...mark }) => (
            <tr key={key} role="row">
              <th role="rowheader" scope="row">{href ? <Link href={href}>{label}</Link> : label}</th>
              {columns.map(({ label: head, short, which, side }) => (
                <td key={head} role="cell" data-head={short}>{say(plot, mark[side]?.[which], which)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
