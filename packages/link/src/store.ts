import type { Database } from "better-sqlite3";
import EncryptedDatabase from "better-sqlite3-multiple-ciphers";

/**
 * Opens the device's SQLite store. WAL with synchronous=FULL: NORMAL lost acknowledged commits in power-cut tests.
 * With a key, every page is encrypted (SQLCipher 4 scheme of SQLite3 Multiple Ciphers); a wrong key is an error here
 * and now, not at the first query.
 */
export function openStore(file: string, key: Uint8Array | null): Database {
  const db = new EncryptedDatabase(file);
  try {
    if (key) {
      db.pragma("cipher='sqlcipher'");
      db.pragma("legacy=4");
      db.key(Buffer.from(`x'${Buffer.from(key).toString("hex")}'`));
    }
    db.pragma("journal_mode = WAL");
    db.pragma("synchronous = FULL");
    db.pragma("busy_timeout = 5000");
    db.prepare("select count(*) from sqlite_master").get();
    return db;
  } catch (cause) {
    db.close();
    throw new Error(key ? "the store cannot be read with this key" : "the store cannot be opened", { cause });
  }
}
