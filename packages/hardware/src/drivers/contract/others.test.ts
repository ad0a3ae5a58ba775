import { auxiliariesContract } from "./auxiliaries.contract.ts";
import { barcodeContract } from "./barcode.contract.ts";
import { cameraContract } from "./camera.contract.ts";
import { pinPadContract } from "./pinPad.contract.ts";

barcodeContract("scanner-serial");
pinPadContract("pinpad-serial");
auxiliariesContract("cabinet-serial");
cameraContract("still-camera");
