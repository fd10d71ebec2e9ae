using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Workers;

namespace CocoonPool.Grains.Workers;

/// <summary>
/// The pool's proof, carried by the worker, that it assigned a task to this worker: so that a receipt that arrives after a restart
/// of the silo can still be told from an invented one without a database write per request. A ticket is
/// <c>1.assigned-ms.prompt-limit.completion-limit.mac</c>, where mac is HMAC-SHA-256 over these and pool, task, worker and model.
/// </summary>
public sealed class AssignmentTickets
{
    private readonly byte[] _key;

    /// <param name="key">32 bytes, the same on every silo of the pool.</param>
    public AssignmentTickets(byte[] key)
    {
        if (key.Length < 32)
            throw new ArgumentException("The ticket key has at least 32 bytes.", nameof(key));
        _key = key;
    }

    public string Issue(string poolId, TaskId task, WorkerId worker, Assignment assignment)
    {
        var terms = string.Create(CultureInfo.InvariantCulture, $"1.{assignment.AssignedAt.ToUnixTimeMilliseconds()}.{assignment.PromptTokensLimit}.{assignment.CompletionTokensLimit}");
        return $"{terms}.{Mac(terms, poolId, task, worker, assignment.Model)}";
    }

    /// <summary>The assignment that a ticket proves, or null when it is none of this pool for this task, worker and model.</summary>
    public Assignment? Read(string ticket, string poolId, TaskId task, WorkerId worker, string model)
    {
        var end = ticket.LastIndexOf('.');
        if (end < 0)
            return null;
        var terms = ticket[..end];
        var expected = Encoding.ASCII.GetBytes(Mac(terms, poolId, task, worker, model));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(ticket[(end + 1)..])))
            return null;
        var parts = terms.Split('.');
        return new(model, DateTimeOffset.FromUnixTimeMilliseconds(Number(parts[1])), Number(parts[2]), Number(parts[3]));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private string Mac(string terms, string poolId, TaskId task, WorkerId worker, string model) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{terms}\n{poolId}\n{task}\n{worker}\n{model}")));
}
