import { cashContract } from "./cash.contract.ts";

cashContract("cash-serial");
