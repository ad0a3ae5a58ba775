import "./withoutEval.ts";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Console } from "./console.tsx";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/pages.css";
import "./styles/detail.css";
import "./styles/forms.css";
import "./styles/seat.css";
import "./styles/seatCall.css";
import "./styles/seatHelp.css";
import "./styles/board.css";
import "./styles/seats.css";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(
  <StrictMode>
    <Console />
  </StrictMode>,
);
