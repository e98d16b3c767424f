//! From records to answers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use autods_ledger::{Aggregate, Entry, Head, LedgerError, Recipient, Record, read, verify_seal};
use autods_signature::PublicKey;

use super::answers::{
    CallTotals, Confinement, DecisionMade, Denial, FailedCall, FileRead, FileWritten, Grant,
    KeyUse, LimitMet, LockboxOpening, Moment, PluginUse, ReleaseTotals, ReleasedColumn, Repaired,
    RowsSeen, RunAudit, Session, StageChange,
};
use super::words::name;

impl RunAudit {
    /// Reads the ledger at `ledger` after its chain, its head and the head's signature were
    /// checked; the signature against `host` if a public key is given.
    ///
    /// # Errors
    /// As [`autods_ledger::verify_seal`]: a ledger that is not as it was written has no answers.
    pub fn read(ledger: &Path, host: Option<&PublicKey>) -> Result<Self, LedgerError> {
        let signature = verify_seal(ledger, host)?;
        let records = read(ledger)?;
        let head = records.last().map_or(
            Head {
                seq: 0,
                hash: "0".repeat(64),
            },
            |record| Head {
                seq: record.seq,
                hash: record.hash.clone(),
            },
        );
        let mut reading = Reading {
            audit: Self {
                run: String::new(),
                records: records.len() as u64,
                head,
                signature,
                sessions: Vec::new(),
                task: String::new(),
                launch: String::new(),
                runbook: String::new(),
                seeds: Vec::new(),
                closed: None,
                confinement: Vec::new(),
                plugins: Vec::new(),
                files_read: Vec::new(),
                rows_seen: Vec::new(),
                columns_released: Vec::new(),
                releases: Vec::new(),
                grants: Vec::new(),
                denials: Vec::new(),
                limits_met: Vec::new(),
                failed_calls: Vec::new(),
                keys: Vec::new(),
                lockbox: Vec::new(),
                files_written: Vec::new(),
                stages: Vec::new(),
                decisions: Vec::new(),
                repairs: Vec::new(),
            },
            rows: BTreeMap::new(),
            releases: BTreeMap::new(),
            columns: BTreeMap::new(),
            written: BTreeMap::new(),
        };
        for record in records {
            reading.take(record);
        }
        Ok(reading.finish())
    }
}

type RowsKey = (String, String, String, String);

struct Reading {
    audit: RunAudit,
    rows: BTreeMap<RowsKey, (BTreeSet<String>, u64, u64, bool)>,
    releases: BTreeMap<(Recipient, Aggregate, String), ReleaseTotals>,
    columns: BTreeMap<(String, String), BTreeMap<Aggregate, BTreeSet<String>>>,
    written: BTreeMap<String, FileWritten>,
}

impl Reading {
    fn take(&mut self, record: Record) {
        let moment = Moment {
            record: record.seq,
            at: record.at,
        };
        let audit = &mut self.audit;
        match record.entry {
            Entry::RunStarted {
                run,
                host,
                runtime,
                task,
                launch,
                runbook,
                policy,
                seeds,
            } => {
                audit.run = run;
                audit.task = task;
                audit.launch = launch;
                audit.runbook = runbook;
                audit.seeds = seeds;
                audit.sessions.push(Session {
                    began: moment,
                    resumed: false,
                    host,
                    runtime,
                    policy,
                });
            }
            Entry::RunResumed {
                host,
                runtime,
                policy,
                ..
            } => {
                audit.closed = None;
                audit.sessions.push(Session {
                    began: moment,
                    resumed: true,
                    host,
                    runtime,
                    policy,
                });
            }
            Entry::RunClosed { outcome } => audit.closed = Some((moment, outcome)),
            Entry::StageEntered { from, to } => audit.stages.push(StageChange {
                moment,
                from,
                to,
                unmet: Vec::new(),
            }),
            Entry::GateShut { from, to, unmet } => audit.stages.push(StageChange {
                moment,
                from,
                to,
                unmet,
            }),
            Entry::Confined {
                landlock_abi,
                file_system,
                network,
                seccomp,
                missing,
            } => audit.confinement.push(Confinement {
                moment,
                landlock_abi,
                file_system,
                network,
                seccomp,
                missing,
            }),
            Entry::PluginAdmitted {
                id,
                sha256,
                world,
                imports,
            } => {
                let plugin = self.plugin(&id, &sha256, &moment);
                plugin.world = world;
                plugin.imports = imports;
            }
            Entry::PluginRefused { id, sha256, rule } => {
                self.plugin(&id, &sha256, &moment).refused = Some(rule.clone());
                self.audit.denials.push(Denial {
                    moment,
                    to: id,
                    capability: None,
                    rule,
                    by: None,
                });
            }
            Entry::Granted {
                plugin,
                sha256,
                capability,
                used,
            } => audit.grants.push(Grant {
                moment,
                plugin,
                sha256,
                capability,
                used,
            }),
            Entry::Denied {
                plugin,
                capability,
                rule,
                by,
                ..
            } => audit.denials.push(Denial {
                moment,
                to: plugin,
                capability,
                rule,
                by: Some(by),
            }),
            Entry::Refused { rule, agent } => audit.denials.push(Denial {
                moment,
                to: agent,
                capability: None,
                rule,
                by: None,
            }),
            Entry::SourceOpened {
                plugin,
                component,
                table,
                file,
                sha256,
                bytes,
            } => audit.files_read.push(FileRead {
                moment,
                plugin,
                component,
                table,
                file,
                sha256,
                bytes,
            }),
            Entry::RowsGiven {
                plugin,
                sha256,
                export,
                table,
                columns,
                rows,
                outcome,
            } => {
                let seen = self
                    .rows
                    .entry((plugin, sha256, export, table))
                    .or_default();
                seen.0.extend(columns);
                seen.1 += 1;
                seen.2 = seen.2.max(rows);
                seen.3 |= outcome;
            }
            Entry::Call {
                plugin,
                sha256,
                export,
                micros,
                bytes_in,
                bytes_out,
                host_calls,
                log_bytes,
            } => {
                let totals = self.totals(&plugin, &sha256, export, &moment);
                totals.returned += 1;
                add(totals, [micros, bytes_in, bytes_out, host_calls, log_bytes]);
            }
            Entry::CallFailed {
                plugin,
                sha256,
                export,
                fault,
                code,
                micros,
                bytes_in,
                bytes_out,
                host_calls,
                log_bytes,
            } => {
                let totals = self.totals(&plugin, &sha256, export.clone(), &moment);
                totals.failed += 1;
                add(totals, [micros, bytes_in, bytes_out, host_calls, log_bytes]);
                self.audit.failed_calls.push(FailedCall {
                    moment,
                    plugin,
                    sha256,
                    export,
                    fault,
                    code,
                    micros,
                });
            }
            Entry::LimitHit {
                plugin,
                sha256,
                export,
                limit,
                allowed,
                requested,
            } => audit.limits_met.push(LimitMet {
                moment,
                plugin,
                sha256,
                export,
                limit,
                allowed,
                requested,
            }),
            Entry::Released {
                aggregate,
                to,
                table,
                columns,
                cells,
                suppressed,
                ..
            } => self.released(moment, aggregate, to, table, columns, cells, suppressed),
            Entry::Decided {
                by,
                decision,
                event,
            } => audit.decisions.push(DecisionMade {
                moment,
                by,
                decision,
                event,
            }),
            Entry::LockboxOpened { count } => {
                audit.lockbox.push(LockboxOpening { moment, count });
            }
            Entry::KeyUsed {
                key,
                action,
                fingerprint,
            } => audit.keys.push(KeyUse {
                moment,
                key,
                action,
                fingerprint,
            }),
            Entry::Wrote { path, sha256 } => {
                self.written.insert(
                    path.clone(),
                    FileWritten {
                        moment,
                        path,
                        sha256,
                    },
                );
            }
            Entry::Recovered { repair, bytes } => audit.repairs.push(Repaired {
                moment,
                repair,
                bytes,
            }),
            Entry::BoardHead { .. } => {}
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one entry")]
    fn released(
        &mut self,
        moment: Moment,
        aggregate: Aggregate,
        to: Recipient,
        table: String,
        columns: Vec<String>,
        cells: u64,
        suppressed: u64,
    ) {
        let recipient = name(&to);
        for column in &columns {
            self.columns
                .entry((table.clone(), column.clone()))
                .or_default()
                .entry(aggregate)
                .or_default()
                .insert(recipient.clone());
        }
        let totals = self
            .releases
            .entry((to.clone(), aggregate, table.clone()))
            .or_insert_with(|| ReleaseTotals {
                to,
                aggregate,
                table,
                columns: Vec::new(),
                times: 0,
                cells: 0,
                suppressed: 0,
                first: moment.clone(),
                last: moment.clone(),
            });
        for column in columns {
            if let Err(place) = totals.columns.binary_search(&column) {
                totals.columns.insert(place, column);
            }
        }
        totals.times += 1;
        totals.cells = totals.cells.saturating_add(cells);
        totals.suppressed = totals.suppressed.saturating_add(suppressed);
        totals.last = moment;
    }

    /// The plugin of this id and component, as it was first met.
    fn plugin(&mut self, id: &str, sha256: &str, moment: &Moment) -> &mut PluginUse {
        let plugins = &mut self.audit.plugins;
        let place = plugins
            .iter()
            .position(|plugin| plugin.id == id && plugin.sha256 == sha256)
            .unwrap_or_else(|| {
                plugins.push(PluginUse {
                    moment: moment.clone(),
                    id: id.to_owned(),
                    sha256: sha256.to_owned(),
                    world: String::new(),
                    imports: Vec::new(),
                    refused: None,
                    calls: BTreeMap::new(),
                });
                plugins.len() - 1
            });
        &mut plugins[place]
    }

    fn totals(
        &mut self,
        id: &str,
        sha256: &str,
        export: String,
        moment: &Moment,
    ) -> &mut CallTotals {
        self.plugin(id, sha256, moment)
            .calls
            .entry(export)
            .or_default()
    }

    fn finish(mut self) -> RunAudit {
        self.audit.rows_seen = self
            .rows
            .into_iter()
            .map(
                |((plugin, sha256, export, table), (columns, calls, most_rows, outcome))| {
                    RowsSeen {
                        plugin,
                        sha256,
                        export,
                        table,
                        columns: columns.into_iter().collect(),
                        calls,
                        most_rows,
                        outcome,
                    }
                },
            )
            .collect();
        self.audit.releases = self.releases.into_values().collect();
        self.audit.columns_released = self
            .columns
            .into_iter()
            .map(|((table, column), aggregates)| ReleasedColumn {
                table,
                column,
                aggregates: aggregates
                    .into_iter()
                    .map(|(aggregate, to)| (aggregate, to.into_iter().collect()))
                    .collect(),
            })
            .collect();
        self.audit.files_written = self.written.into_values().collect();
        self.audit
    }
}

fn add(totals: &mut CallTotals, [micros, bytes_in, bytes_out, host_calls, log_bytes]: [u64; 5]) {
    totals.micros = totals.micros.saturating_add(micros);
    totals.bytes_in = totals.bytes_in.saturating_add(bytes_in);
    totals.bytes_out = totals.bytes_out.saturating_add(bytes_out);
    totals.host_calls = totals.host_calls.saturating_add(host_calls);
    totals.log_bytes = totals.log_bytes.saturating_add(log_bytes);
}
