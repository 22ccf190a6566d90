/** What only the desk needs: the statistics of everybody's applications, with their charts. */
import { learn } from "../i18n";
import { desk } from "../i18n/ru/desk";

learn(desk);

export { DeskPage } from "../features/statistics/desk/DeskPage";
export { RowsPage } from "../features/statistics/desk/RowsPage";
