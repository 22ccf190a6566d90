import type { Answers, FormField } from "../../api/types";
import { Card } from "../../ui/Card";
import { NAME, wordsOf } from "./fields";

/** Name and position as the host knows them. */
export function IsItYou({ fields, answers }: { fields: FormField[]; answers: Answers }) {
  const name = fields.find((field) => field.name === NAME);
  const position = fields.find((field) => field.name === "position");
  const words = position ? wordsOf(position, answers.position) : "";
  return (
    <Card>
      <p class="who-name">{name && wordsOf(name, answers[NAME])}</p>
      {words && <p class="small">{words}</p>}
    </Card>
  );
}
