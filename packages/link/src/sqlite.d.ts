/** The encrypting build has the interface of better-sqlite3 plus its keys, but publishes no types under its `exports`. */
declare module "better-sqlite3-multiple-ciphers" {
  import type BetterSqlite3 from "better-sqlite3";
  interface EncryptedDatabase extends BetterSqlite3.Database {
    key(key: Buffer): number;
    rekey(key: Buffer): number;
  }
  const Database: new (file: string, options?: BetterSqlite3.Options) => EncryptedDatabase;
  export default Database;
}
