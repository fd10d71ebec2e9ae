using CocoonPool.Domain.Participants;
using CocoonPool.Grains.Participants;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Participants;

/// <inheritdoc cref="IMisconductReports"/>
public sealed class PostgresMisconductReports(NpgsqlDataSource database) : IMisconductReports
{
    private const string Select =
        """
        select id, participant, worker_id as "Worker", offence, evidence, exhibit::text as "Exhibit", reported_at as "ReportedAt", outcome
        from misconduct_reports where pool_id = @poolId
        """;

    public Task File(string poolId, MisconductReport report, CancellationToken cancellationToken = default) => database.Execute(
        """
        insert into misconduct_reports (pool_id, id, participant, worker_id, offence, evidence, exhibit, reported_at)
        values (@poolId, @Id, @participant, @worker, @offence, @Evidence, @Exhibit::jsonb, @at) on conflict do nothing
        """,
        new
        {
            poolId,
            report.Id,
            participant = report.Participant.ToString(),
            worker = report.Worker.Value,
            offence = (short)report.Offence,
            report.Evidence,
            report.Exhibit,
            at = report.ReportedAt.UtcDateTime,
        },
        cancellationToken);

    public async Task<IReadOnlyList<MisconductReport>> Waiting(string poolId, int limit, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>($"{Select} and outcome is null order by reported_at, id limit @limit", new { poolId, limit }, cancellationToken)).Select(Read)];

    public Task Conclude(string poolId, string reportId, string outcome, CancellationToken cancellationToken = default) => database.Execute(
        "update misconduct_reports set outcome = @outcome where pool_id = @poolId and id = @reportId and outcome is null", new { poolId, reportId, outcome }, cancellationToken);

    public async Task<IReadOnlyList<(MisconductReport Report, string? Outcome)>> List(string poolId, TonAddress participant, int limit, CancellationToken cancellationToken = default) =>
        [.. (await database.Query<Row>($"{Select} and participant = @participant order by reported_at desc, id limit @limit",
            new { poolId, participant = participant.ToString(), limit }, cancellationToken)).Select(row => (Read(row), row.Outcome))];

    private static MisconductReport Read(Row row) => new(
        row.Id, TonAddress.Parse(row.Participant), new(row.Worker), (SlashOffence)row.Offence, row.Evidence, row.Exhibit, row.ReportedAt.Utc());

    private sealed record Row(string Id, string Participant, string Worker, short Offence, string Evidence, string Exhibit, DateTime ReportedAt, string? Outcome);
}
