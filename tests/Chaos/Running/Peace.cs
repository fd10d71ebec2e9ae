using CocoonPool.Chaos.Books;
using CocoonPool.Chaos.Load;
using CocoonPool.Chaos.Pool;
using CocoonPool.Client.Launcher.Pool;
using Npgsql;

namespace CocoonPool.Chaos.Running;

/// <summary>
/// After the last harm: waits until everything that is under way has ended by itself. Nobody repairs anything; what does not end within
/// its time is an objection.
/// </summary>
public sealed class Peace(ChaosPool pool, PoolClient client, Money money, AllBooks books, TimeProvider time)
{
    /// <summary>For each of the steps. A settlement that waits for an expired signature takes about a minute.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(180);

    /// <summary>A receipt that has not come by then died unwritten with its agent; the auditor knows which may.</summary>
    private static readonly TimeSpan ReceiptsBound = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>What was waited for in vain; null when peace came.</summary>
    public async Task<string?> Come(IReadOnlyList<Member> members, CancellationToken cancel)
    {
        if (!await Until(Bound, () => AllWork(members, cancel), cancel))
            return $"not all workers are active and connected {Bound.TotalSeconds:0} s after the last harm";
        await Until(ReceiptsBound, () => AllRecorded(cancel), cancel);
        if (!await Until(Bound, () => Close(cancel), cancel))
            return $"no epoch could be closed within {Bound.TotalSeconds:0} s";
        if (!await Until(Bound, () => IsNone("select 1 from epochs where phase between 1 and 3", cancel), cancel))
            return $"a closed epoch is not settled after {Bound.TotalSeconds:0} s";
        return await Until(Bound, () => IsNone("select 1 from client_blocks where ended_at is null", cancel), cancel)
            ? null
            : $"a client's block is still reserved {Bound.TotalSeconds:0} s after the last request";
    }

    private async Task<bool> AllWork(IReadOnlyList<Member> members, CancellationToken cancel)
    {
        var workers = await client.Workers(cancel);
        return members.All(member => workers.Any(worker => worker.Id == member.Worker && worker is { State: "active", Connected: true }));
    }

    private async Task<bool> Close(CancellationToken cancel)
    {
        await money.CloseOne(cancel);
        return true;
    }

    private async Task<bool> AllRecorded(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(pool.DatabaseConnection);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand("select count(*) from unnest($1::text[]) task where not exists (select 1 from contributions where task_id = task)", connection);
        command.Parameters.AddWithValue(books.Answers.Answers.Select(answer => answer.Task).ToArray());
        return await command.ExecuteScalarAsync(cancel) is 0L;
    }

    private async Task<bool> IsNone(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(pool.DatabaseConnection);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancel) is null;
    }

    /// <summary>False when it did not become so in time. What cannot be asked yet, because a service is still starting, is not so yet.</summary>
    private async Task<bool> Until(TimeSpan bound, Func<Task<bool>> isSo, CancellationToken cancel)
    {
        for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < bound;)
        {
            try
            {
                if (await isSo())
                    return true;
            }
            catch (Exception failure) when (failure is HttpRequestException or PoolRefusedException or NpgsqlException or IOException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                // Asked again.
            }

            await Task.Delay(Look, time, cancel);
        }

        return false;
    }
}
