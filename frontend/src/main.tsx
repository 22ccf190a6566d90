import "./ui/tokens.css";
import "./ui/base.css";
import "./app/app.css";

import { start } from "./app/start";

void start(document.getElementById("app"));
