import { idCardContract } from "./idCard.contract.ts";

// [T3] Two makes of reader, one contract: above this line nobody knows which is built in.
idCardContract("sdt-serial", "sdt");
idCardContract("hx-serial", "hx");
