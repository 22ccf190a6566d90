import { Link } from "../../app/router";
import "./charts.css";
import { say, type Plot } from "./model";

/** The same figures as a table; the name of a row leads to its rows. Roles are named, for a table laid out as lines has none. */
export function PlotTable({ plot, name }: { plot: Plot; name: string }) {
  return (
    <div class="chart-table">
      {plot.note && <p class="cap">{plot.note}</p>}
      <table role="table">
        <caption class="vh">{name}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">{plot.label}</th>
            {plot.series.map(({ label, short }) => (
              <th key={label} role="columnheader" scope="col" aria-label={short && label}>{short ?? label}</th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {plot.marks.map(({ key, label, values, href }) => (
            <tr key={key} role="row">
              <th role="rowheader" scope="row">{href ? <Link href={href}>{label}</Link> : label}</th>
              {plot.series.map((series, index) => (
                <td key={series.label} role="cell" data-head={series.short ?? series.label}>{say(plot, values[index], index)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
