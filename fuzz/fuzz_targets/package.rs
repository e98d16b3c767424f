#![no_main]
autods_fuzz::target!(package);
