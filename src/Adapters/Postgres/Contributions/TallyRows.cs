using System.Globalization;
using System.Numerics;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Participants;
using Npgsql;

namespace CocoonPool.Adapters.Postgres.Contributions;

/// <summary>What a transaction adds to tallies, gathered first and written once.</summary>
internal sealed class TallyRows
{
    private const string Add =
        """
        insert into epoch_tallies as t (pool_id, epoch, participant, adjusted_tokens, gpu_milliseconds, tasks, failed_tasks, quality_tokens, prompt_tokens, completion_tokens)
        select $1, * from unnest($2::integer[], $3::text[], $4::numeric[], $5::numeric[], $6::bigint[], $7::bigint[], $8::numeric[], $9::numeric[], $10::numeric[])
        on conflict (pool_id, epoch, participant) do update set
            adjusted_tokens = t.adjusted_tokens + excluded.adjusted_tokens,
            gpu_milliseconds = t.gpu_milliseconds + excluded.gpu_milliseconds,
            tasks = t.tasks + excluded.tasks,
            failed_tasks = t.failed_tasks + excluded.failed_tasks,
            quality_tokens = t.quality_tokens + excluded.quality_tokens,
            prompt_tokens = t.prompt_tokens + excluded.prompt_tokens,
            completion_tokens = t.completion_tokens + excluded.completion_tokens
        """;

    private readonly Dictionary<(EpochNumber Epoch, TonAddress Participant), TallyIncrement> _increments = [];

    public void Include(EpochNumber epoch, TonAddress participant, TallyIncrement increment) =>
        _increments[(epoch, participant)] = _increments.GetValueOrDefault((epoch, participant)) + increment;

    /// <summary>
    /// Adds everything in one statement. Rows are taken in the same order by everybody, so that writers that meet wait for each other
    /// instead of deadlocking; and last in a transaction, so that they wait shortly.
    /// </summary>
    public async Task Write(NpgsqlTransaction transaction, string poolId, CancellationToken cancellationToken)
    {
        var rows = _increments.Where(i => !i.Value.IsZero)
            .Select(i => (i.Key.Epoch, Participant: i.Key.Participant.ToString(), Increment: i.Value))
            .OrderBy(row => row.Epoch).ThenBy(row => row.Participant, StringComparer.Ordinal).ToList();
        if (rows.Count == 0)
            return;
        await using var command = new NpgsqlCommand(Add, transaction.Connection, transaction)
        {
            Parameters =
            {
                new() { Value = poolId },
                new() { Value = rows.ConvertAll(row => row.Epoch.Value) },
                new() { Value = rows.ConvertAll(row => row.Participant) },
                Numbers(row => row.AdjustedTokens),
                Numbers(row => row.GpuMilliseconds),
                new() { Value = rows.ConvertAll(row => row.Increment.Tasks) },
                new() { Value = rows.ConvertAll(row => row.Increment.FailedTasks) },
                Numbers(row => row.QualityTokens),
                Numbers(row => row.PromptTokens),
                Numbers(row => row.CompletionTokens),
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter Numbers(Func<TallyIncrement, BigInteger> figure) => new() { Value = rows.ConvertAll(row => figure(row.Increment)) };
    }

    /// <summary>A numeric that the statement gave as text, since it may exceed every number that the driver has.</summary>
    public static BigInteger Integer(string text) => BigInteger.Parse(text, CultureInfo.InvariantCulture);
}
