import { Link } from "../../app/router";
import "./charts.css";
import { say, type Plot } from "./model";

/** The same figures as a table; the name of a row leads to its rows. */
export function PlotTable({ plot, name }: { plot: Plot; name: string }) {
  return (
    <div class="chart-table">
      {plot.note && <p class="cap">{plot.note}</p>}
      <table>
        <caption class="vh">{name}</caption>
        <thead>
          <tr>
            <th scope="col">{plot.label}</th>
            {plot.series.map(({ label, short }) => (
              <th key={label} scope="col" aria-label={short && label}>{short ?? label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {plot.marks.map(({ key, label, values, href }) => (
            <tr key={key}>
              <th scope="row">{href ? <Link href={href}>{label}</Link> : label}</th>
              {plot.series.map((series, index) => (
                <td key={series.label}>{say(plot, values[index], index)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
