// A page as a bundler makes it: the package, and the same with its engine inside the script.
import * as vaultlet from "vaultlet";
import * as inline from "vaultlet/inline";
import { checks } from "../../checks.js";

window.check = (name, entry) => checks[name]({ vaultlet, inline }[entry]);
