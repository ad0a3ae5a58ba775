import { printerContract } from "./printer.contract.ts";

// [T3] A receipt printer on a serial line and a page printer on the network, one contract.
printerContract({
  driver: "escpos-serial",
  device: "receipt",
  options: { answerTimeoutMs: 150, heartbeatMs: 100, jobTimeoutMs: 2_000, jobPollMs: 100 },
  simulator: { receipt: { lineMs: 2 } },
  steps: { printing: "print.line", statusAnswer: "status.answer", doneAnswer: "echo.answer" },
});
printerContract({
  driver: "ipp",
  device: "a4",
  options: { answerTimeoutMs: 500, heartbeatMs: 100, jobTimeoutMs: 5_000, jobPollMs: 50 },
  simulator: { a4: { pageMs: 30 } },
  steps: { printing: "print.page", statusAnswer: "getPrinterAttributes.answer", doneAnswer: "printJob.answer" },
});
