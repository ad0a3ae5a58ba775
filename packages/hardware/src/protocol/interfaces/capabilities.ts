import { z } from "zod";
import { flags } from "../define.ts";
import { symbologies } from "./barcodeReader.ts";
import { lightNames } from "./lights.ts";

const MessageVersions = z.record(
  z.string().regex(/^(X-)?[0-9A-Za-z]+\.[0-9A-Za-z]+$/),
  z.object({ versions: z.array(z.string().regex(/^[1-9][0-9]*\.([1-9][0-9]*|0)$/)) }),
);
export const InterfaceName = z.enum([
  "Common",
  "CardReader",
  "CashAcceptor",
  "CashDispenser",
  "CashManagement",
  "Storage",
  "PinPad",
  "Crypto",
  "KeyManagement",
  "Keyboard",
  "Printer",
  "BarcodeReader",
  "Camera",
  "Lights",
  "Auxiliaries",
  "X-IdCard",
  "X-Cash",
]);
export type InterfaceName = z.infer<typeof InterfaceName>;

const DeviceInformation = z.object({ modelName: z.string(), modelDescription: z.string().optional() });

const CashAcceptorCapabilities = z.object({
  type: z.literal("selfServiceBill"),
  maxCashInItems: z.int().min(1),
  shutter: z.boolean(),
  shutterControl: z.boolean(),
  intermediateStacker: z.int().min(0),
  itemsTakenSensor: z.boolean(),
  itemsInsertedSensor: z.boolean(),
  positions: z.array(
    z.object({
      position: z.enum(["inDefault", "outDefault"]),
      usage: flags(["in", "refuse", "rollback"]),
      shutterControl: z.boolean(),
      itemsTakenSensor: z.boolean(),
      itemsInsertedSensor: z.boolean(),
      presentControl: z.boolean(),
      preparePresent: z.boolean(),
    }),
  ),
  cashInLimit: flags(["byTotalItems", "byAmount"]),
});
const CashDispenserCapabilities = z.object({
  type: z.literal("selfServiceBill"),
  maxDispenseItems: z.int().min(1),
  shutterControl: z.boolean(),
  intermediateStacker: z.boolean(),
  itemsTakenSensor: z.boolean(),
  positions: flags(["center"]),
});
const CashManagementCapabilities = z.object({
  cashBox: z.boolean(),
  exchangeType: flags(["byHand"]),
  itemInfoTypes: flags(["serialNumber", "signature", "image"]),
  classificationList: z.boolean(),
  classifications: flags(["unrecognized", "counterfeit", "suspect", "inked", "fit", "unfit"]),
});

const Methods = z.object({ cryptoMethod: flags(["ecb", "cbc"]) });
/** Keyed by algorithm, then mode of use. SM4 has no letter in X9.143; "4" is from its range for proprietary use. */
const AlgorithmMethods = z.record(z.string().regex(/^[0-9ADRT]$/), z.record(z.string().regex(/^[A-Z]$/), Methods));

/** Payload of Common.Capabilities. */
export const Capabilities = {
  interfaces: z.array(
    z.object({
      name: InterfaceName,
      commands: MessageVersions,
      events: MessageVersions.optional(),
      /** How many commands the service queues before it answers tooManyRequests. */
      maximumRequests: z.int().min(0),
    }),
  ),
  common: z.object({
    serviceVersion: z.string(),
    deviceInformation: z.array(DeviceInformation),
    powerSaveControl: z.boolean(),
    antiFraudModule: z.boolean(),
  }),
  cardReader: z
    .object({
      type: z.enum(["motor", "swipe", "dip", "latchedDip", "contactless", "intelligentContactless", "permanent"]),
      chipProtocols: flags(["chipT0", "chipT1", "chipProtocolNotRequired"]),
      chipPower: flags(["cold", "warm", "off"]),
      positions: flags(["exit", "transport"]),
      cardTakenSensor: z.boolean(),
    })
    .optional(),
  cashAcceptor: CashAcceptorCapabilities.optional(),
  cashDispenser: CashDispenserCapabilities.optional(),
  cashManagement: CashManagementCapabilities.optional(),
  pinPad: z
    .object({
      pinFormats: flags(["iso0", "iso4"]),
      presentationAlgorithms: flags(["presentClear"]),
      display: flags(["none", "ledThrough", "display"]),
      idcConnect: z.boolean(),
      validationAlgorithms: flags(["des", "visa"]),
      pinCanPersistAfterUse: z.boolean(),
      typeCombined: z.boolean(),
      setPinblockDataRequired: z.boolean(),
      pinBlockAttributes: z.record(z.literal("P0"), AlgorithmMethods),
    })
    .optional(),
  crypto: z
    .object({
      cryptoAttributes: z.record(z.literal("D0"), AlgorithmMethods),
      authenticationAttributes: z.record(z.literal("M6"), z.record(z.string(), z.record(z.string(), z.object({})))),
    })
    .optional(),
  keyManagement: z
    .object({
      keyNum: z.int().min(0),
      keyCheckModes: flags(["self", "zero"]),
      keyImportThroughParts: z.boolean(),
      symmetricKeyManagementMethods: flags(["fixedKey", "masterKey", "tdesDukpt"]),
      keyAttributes: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.object({})))),
      decryptAttributes: z.record(z.string(), z.object({ decryptMethod: flags(["ecb", "cbc"]) })),
      verifyAttributes: z.object({}),
      // Nothing asymmetric, no certificates, no DES: the pad has SM4 only. The standard wants each of them said.
      rsaAuthenticationScheme: z.object({}),
      rsaSignatureAlgorithm: z.object({}),
      rsaCryptAlgorithm: z.object({}),
      rsaKeyCheckMode: z.object({}),
      signatureScheme: z.object({}),
      emvImportSchemes: z.object({}),
      keyBlockImportFormats: z.object({}),
      desKeyLength: z.object({}),
      certificateTypes: z.object({}),
      loadCertOptions: z.array(z.object({})),
      crklLoadOptions: z.object({}),
    })
    .optional(),
  keyboard: z
    .object({
      autoBeep: flags(["activeAvailable", "activeSelectable", "inactiveAvailable", "inactiveSelectable"]),
    })
    .optional(),
  printer: z
    .object({
      type: flags(["receipt", "passbook", "journal", "document", "scanner"]),
      control: flags([
        "eject",
        "perforate",
        "cut",
        "skip",
        "flush",
        "retract",
        "stack",
        "partialCut",
        "alarm",
        "clearBuffer",
      ]),
      acceptMedia: z.boolean(),
      multiPage: z.boolean(),
      paperSources: flags(["upper"]),
      mediaTaken: z.boolean(),
      mediaPresented: z.boolean(),
      dispensePaper: z.boolean(),
    })
    .optional(),
  barcodeReader: z.object({ canFilterSymbologies: z.boolean(), symbologies: flags(symbologies) }).optional(),
  camera: z
    .object({
      type: z.literal("cam"),
      cameras: z.record(z.string(), z.boolean()),
      maxPictures: z.int().min(0).optional(),
      camData: flags(["autoAdd", "manAdd"]),
      pictureFile: z.boolean(),
    })
    .optional(),
  auxiliaries: z
    .object({
      tamperSensor: z.boolean(),
      heatSensor: z.boolean(),
      proximitySensor: z.boolean(),
      cabinetDoor: flags(["closed", "open"]),
      safeDoor: flags(["closed", "open"]),
      signageDisplay: z.boolean(),
    })
    .partial()
    .optional(),
  lights: z
    .partialRecord(
      z.enum(lightNames),
      z.record(
        z.string(),
        z.object({
          flashRate: flags(["off", "slow", "medium", "quick", "continuous"]),
          color: flags(["red", "green", "yellow", "white"]),
        }),
      ),
    )
    .optional(),
};

const CapabilitiesPayload = z.object(Capabilities);
export type CapabilitiesPayload = z.infer<typeof CapabilitiesPayload>;
