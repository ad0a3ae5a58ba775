/**
 * Where our messages differ from the standard's published schema (2021-1) or names (2024-3), and why. The conformance test
 * allows nothing else, and fails on an entry that no message needs any more.
 */
export interface SchemaException {
  readonly against: "2021-1" | "2024-3";
  /** The messages it covers, as "type:name". */
  readonly message: RegExp;
  readonly fault: "unknown-message" | "unknown-property" | "invalid";
  /** invalid: the JSON pointer into the payload; unknown-property: the property's name; "refused": an unknown command. */
  readonly where?: RegExp;
  readonly reason: string;
}

export const exceptions: readonly SchemaException[] = [
  // Ours
  {
    against: "2021-1",
    message: /:X-/,
    fault: "unknown-message",
    reason: "our own interfaces: the standard has no identity-card reader, and no life counters of a cash device",
  },
  {
    against: "2024-3",
    message: /:X-/,
    fault: "unknown-message",
    reason: "our own interfaces: the standard has no identity-card reader, and no life counters of a cash device",
  },
  {
    against: "2024-3",
    message: /^(completion:Common\.Status|unsolicited:Common\.StatusChangedEvent)$/,
    fault: "unknown-property",
    where: /^X-idCard$/,
    reason: "status of our own interface X-IdCard",
  },
  {
    against: "2021-1",
    message: /^completion:Common\.Capabilities$/,
    fault: "invalid",
    where: /^\/interfaces\/[0-9]+\/name$/,
    reason: "our own interfaces are listed with the standard's",
  },
  {
    against: "2021-1",
    message: /^completion:(CashDispenser\.Dispense|CashAcceptor\.CashInEnd)$/,
    fault: "invalid",
    where: /^\/errorCode$/,
    reason:
      "X-indeterminate: the standard has no code for an answer of the device that was lost after money may have moved",
  },
  {
    against: "2021-1",
    message: /^command:PinPad\.GetPinBlock$/,
    fault: "invalid",
    where: /^\/format$/,
    reason: "X-sm4: the standard has no PIN block of the national algorithms (SM4)",
  },
  {
    against: "2021-1",
    message: /^command:Camera\.TakePicture$/,
    fault: "invalid",
    where: /^\/camera$/,
    reason: "X-document: the standard has no document camera",
  },

  // Answers to commands that a service does not have: the name is the client's
  {
    against: "2021-1",
    message: /^completion:/,
    fault: "unknown-message",
    where: /^refused$/,
    reason: "invalidCommand is answered under the name that the client sent",
  },
  {
    against: "2024-3",
    message: /^completion:/,
    fault: "unknown-message",
    where: /^refused$/,
    reason: "invalidCommand is answered under the name that the client sent",
  },
  {
    against: "2024-3",
    message: /^completion:/,
    fault: "invalid",
    where: /^refused$/,
    reason: "a service does not know the version of a standard command that it does not have",
  },

  // Releases after 2021-1
  {
    against: "2021-1",
    message: /^unsolicited:Storage\.CountsChangedEvent$/,
    fault: "unknown-message",
    reason: "came with a later release; 2021-1 said the same with StorageChangedEvent",
  },
  {
    against: "2021-1",
    message: /^unsolicited:CardReader\.MediaDetectedEvent$/,
    fault: "unknown-message",
    reason: "an event of the command in 2021-1, unsolicited since",
  },
  {
    against: "2021-1",
    message: /^completion:Common\.Capabilities$/,
    fault: "invalid",
    where: /^\/cashAcceptor\/positions$/,
    reason: "an object of flags in 2021-1, an array with each position's own abilities since",
  },
  {
    against: "2021-1",
    message: /^command:Crypto\.CryptoData$/,
    fault: "invalid",
    where: /^\/iv$/,
    reason: "a string beside ivKey in 2021-1, an object of key and value since",
  },
  {
    against: "2021-1",
    message: /^command:PinPad\.GetPinBlock$/,
    fault: "invalid",
    where: /^\/xorData$/,
    reason: "required in 2021-1, null where it is not needed since",
  },

  // Faults of the 2021-1 schema itself
  {
    against: "2021-1",
    message: /^completion:Common\.Capabilities$/,
    fault: "invalid",
    where: /^\/(crypto\/algorithms|keyManagement\/restrictedKeyEncKeySupport)$/,
    reason: "required there, but defined nowhere",
  },
  {
    against: "2021-1",
    message: /^command:PinPad\.GetPinBlock$/,
    fault: "invalid",
    where: /^\/pinBlockAttributes$/,
    reason: "required there, but defined nowhere",
  },
  {
    against: "2021-1",
    message: /^completion:Common\.(Status|Capabilities)$/,
    fault: "invalid",
    where: /^\/(common|interfaces)$/,
    reason: "there required of a failed command too, which has no status to tell",
  },
  {
    against: "2021-1",
    message: /^command:Lights\.SetLight$/,
    fault: "invalid",
    where: /^\/timeout$/,
    reason: "there every property but the lights named must be a light, also the timeout of each command",
  },
  {
    against: "2021-1",
    message: /^completion:CashAcceptor\.CashIn$/,
    fault: "invalid",
    where: /^\/(completionCode|errorDescription|errorCode)$/,
    reason: "there the items stood in the payload itself, so that any other property must be a count of items",
  },
  {
    against: "2021-1",
    message: /^unsolicited:CashManagement\.ItemsPresentedEvent$/,
    fault: "invalid",
    where: /^\/(position|additionalBunches)$/,
    reason: "there keyed by position, since 2023-2 with the position as a property",
  },
];
