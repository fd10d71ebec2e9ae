using CocoonPool.Domain.Epochs;
using CocoonPool.Grains.Contributions;
using Npgsql;
using NpgsqlTypes;

namespace CocoonPool.Adapters.Postgres.Contributions;

/// <summary>How a contribution stands in its table.</summary>
internal static class ContributionRows
{
    /// <summary>The statement whose rows <see cref="Write"/> writes.</summary>
    public const string Copy =
        """
        copy contributions (pool_id, task_id, assigned_at, epoch, late, worker_id, participant, model, outcome, prompt_tokens, cached_tokens,
            completion_tokens, reasoning_tokens, adjusted_tokens, quality_ppm, latency_ms, first_token_ms, started_at, ended_at, flagged,
            receipt, batch_root, batch_signature, inclusion_proof, recorded_at)
        from stdin (format binary)
        """;

    public static async Task Write(NpgsqlBinaryImporter copy, string poolId, AssignedEpoch epoch, Contribution contribution, CancellationToken cancellationToken)
    {
        var receipt = contribution.Receipt;
        var credited = contribution.Credited;
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(poolId, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(receipt.TaskId.Value, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(contribution.AssignedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(epoch.Number.Value, NpgsqlDbType.Integer, cancellationToken);
        await copy.WriteAsync(epoch.Late, NpgsqlDbType.Boolean, cancellationToken);
        await copy.WriteAsync(receipt.Worker.Value, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(receipt.Participant.ToString(), NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(receipt.Model, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync((short)receipt.Outcome, NpgsqlDbType.Smallint, cancellationToken);
        await copy.WriteAsync(credited.Prompt, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(credited.Cached, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(credited.Completion, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(credited.Reasoning, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(contribution.CreditedAdjustedTokens, NpgsqlDbType.Bigint, cancellationToken);
        if (contribution.QualityPpm is { } quality)
            await copy.WriteAsync(quality, NpgsqlDbType.Integer, cancellationToken);
        else
            await copy.WriteNullAsync(cancellationToken);
        await copy.WriteAsync(receipt.LatencyMs, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(receipt.TimeToFirstTokenMs, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(receipt.StartedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(receipt.EndedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await copy.WriteAsync(contribution.Flagged, NpgsqlDbType.Boolean, cancellationToken);
        await copy.WriteAsync(contribution.Canonical, NpgsqlDbType.Bytea, cancellationToken);
        await copy.WriteAsync(contribution.BatchRoot, NpgsqlDbType.Bytea, cancellationToken);
        await copy.WriteAsync(contribution.BatchSignature, NpgsqlDbType.Bytea, cancellationToken);
        await copy.WriteAsync(contribution.InclusionProof, NpgsqlDbType.Bytea, cancellationToken);
        await copy.WriteAsync(contribution.ArrivedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
    }
}
