import { chipCardContract } from "./chipCard.contract.ts";

chipCardContract("pcsc");
