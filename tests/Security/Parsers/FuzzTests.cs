using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Pool;
using CocoonPool.Domain.Workers;
using CocoonPool.Grains;
using CocoonPool.Grains.Workers;
using CocoonPool.Grains.Workers.Link;
using CocoonPool.Silo.Api;
using CocoonPool.Silo.Auth;
using CocoonPool.Silo.Live;
using CocoonPool.Silo.Routing;
using CocoonPool.Silo.Workers.Polling;
using Microsoft.AspNetCore.Http;

namespace CocoonPool.Security.Tests.Parsers;

/// <summary>
/// Every parser that meets the network, with input that was broken at random. A parser may refuse in its own way; anything else that
/// it throws, and any input that takes it long, is a failure. <c>COCOON_FUZZ_INPUTS=1000000</c> runs the long search for each.
/// </summary>
public sealed class FuzzTests
{
    private const string Participant = "0:5555555555555555555555555555555555555555555555555555555555555555";
    private static readonly int Inputs = int.TryParse(Environment.GetEnvironmentVariable("COCOON_FUZZ_INPUTS"), out var given) ? given : 20_000;
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("COCOON_FUZZ_SEED"), out var given) ? given : 20261121;

    [Fact]
    public void AgentFrames() => Fuzz(bytes => FrameJson.ReadAgentFrame(bytes), [typeof(JsonException)],
        """{"type":"hello","protocol":1,"worker_id":"w-1","public_key":"AAAA","signature":"AAAA","software":"x"}""",
        """{"type":"tokens","task":"t","chunks":[{"data":"{\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}","n":1}]}""",
        """{"type":"done","task":"t","status":200,"body":"{}"}""",
        """{"type":"failed","task":"t","status":500,"code":"c","message":"m"}""",
        """{"type":"receipts","root":"AAAA","signature":"AAAA","receipts":[{"canonical":"AAAA","ticket":"1.2.3.4.mac"}]}""",
        """{"type":"heartbeat","seq":1,"running":0,"gpu_utilization":50,"sent_at":"2026-01-01T00:00:00Z"}""");

    [Fact]
    public void ServerFrames() => Fuzz(bytes => FrameJson.ReadServerFrame(bytes), [typeof(JsonException)],
        """{"type":"challenge","nonce":"AAAA","pool":"main","protocol":1,"server_time":"2026-01-01T00:00:00Z"}""",
        """{"type":"assign","task":"t","ticket":"k","route":"completions","model":"m","stream":true,"body":{"prompt":"x"},"credits":4}""",
        """{"type":"ack","root":"AAAA","receipts":["t"],"refused":[{"task":"t","code":"c","message":"m"}]}""");

    [Fact]
    public void Receipts() => Fuzz(
        bytes =>
        {
            if (Receipt.TryParse(bytes, out var receipt, out _))
                receipt.CanonicalBytes().ShouldBe(bytes, "one receipt has one form");
        },
        [], Encoding.UTF8.GetString(SampleReceipt().CanonicalBytes()));

    [Fact]
    public void Tickets()
    {
        var tickets = new AssignmentTickets(new byte[32]);
        var (task, worker) = (SampleReceipt().TaskId, SampleReceipt().Worker);
        var good = tickets.Issue("main", task, worker, new("m", DateTimeOffset.UnixEpoch, 10, 10));
        Fuzz(bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            if (text != good && !good.AsSpan().SequenceEqual(text))
                tickets.Read(text, "main", task, worker, "m").ShouldBeNull();
        }, [], good);
    }

    [Fact]
    public void Addresses() => Fuzz(bytes =>
        {
            foreach (var network in Enum.GetValues<TonNetwork>())
            {
                if (TonAddress.TryParse(Encoding.UTF8.GetString(bytes), network, out var address, out _))
                    TonAddress.Parse(address.ToString()).ShouldBe(address);
            }
        }, [], Participant, "-1:5555555555555555555555555555555555555555555555555555555555555555", TonAddress.Parse(Participant).ToFriendly());

    [Fact]
    public void NamesAndAmounts() => Fuzz(bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            _ = WorkerId.TryParse(text, out _);
            _ = TaskId.TryParse(text, out _);
            _ = Nanotons.TryParse(text, out _);
            _ = Nanotons.TryParseTon(text, out _);
            _ = AccountName.TryParse(text, out _);
            _ = OperatorSignIn.IsUsername(text);
        }, [], "worker-1", "1000000000", "1.000000001", $"participant:{Participant}:rewards", "revenue:12", "alice");

    [Fact]
    public void Bundles() => Fuzz(
        bytes => CocoonPool.Verifier.EpochVerifier.Verify(bytes), [],
        Encoding.UTF8.GetString(SampleBundle()));

    [Fact]
    public void InferenceRequests() => Fuzz(
        bytes =>
        {
            InferenceRequest.Of("chat/completions", bytes, new HeaderDictionary());
            ChunkText.Count(bytes);
            ChunkText.CompletionTokensOf(bytes);
        },
        [typeof(ApiException)],
        """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,"max_tokens":5}""",
        """{"choices":[{"delta":{"content":"hi"},"index":0}],"usage":{"completion_tokens":3}}""");

    [Fact]
    public void PublicKeysAndHellos()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = key.ExportSubjectPublicKeyInfo();
        FuzzBytes(bytes =>
        {
            WorkerPublicKey.TryImport(bytes)?.Dispose();
            HelloProof.Verify(bytes, der, "main", "nonce", "worker-1");
            ReceiptSignature.IsUsableKey(bytes);
        }, [], [der], Inputs / 4);
    }

    [Fact]
    public void Challenges()
    {
        var challenge = new WalletChallenge(new byte[32], new PoolSettings(), TimeProvider.System);
        var address = TonAddress.Parse(Participant);
        var (payload, _) = challenge.Make(address);
        Fuzz(bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            if (text != payload && challenge.Read(text, address) is var (nonce, _))
                nonce.ShouldBe(challenge.Read(payload, address)!.Value.Nonce, "another text of the same bytes is the same nonce, which is used up once");
        }, [], payload);
    }

    [Fact]
    public void FeedWishes() => Fuzz(
        bytes =>
        {
            // What is taken is within its bounds, whatever it was made of.
            if (MetricsSocket.Problem(bytes, out var wish) is null && wish!.Metrics is { } metrics)
                (metrics.Length, wish.IntervalSec).ShouldSatisfyAllConditions(w => w.Length.ShouldBeInRange(1, 50), w => w.IntervalSec.ShouldBeInRange(1, 60));
        },
        [], """{"action":"subscribe","metrics":["worker_status","epoch_current"],"interval_sec":5}""", """{"action":"unsubscribe"}""");

    [Fact]
    public void PollProofs()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var der = key.ExportSubjectPublicKeyInfo();
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var good = PollProof.Sign(key, "main", "/api/v1/tasks/request", now, "{}"u8);
        FuzzBytes(bytes => PollProof.Verify(der, Encoding.UTF8.GetString(bytes), "main", "/api/v1/tasks/request", now, "{}"u8), [], [Encoding.UTF8.GetBytes(good)], Inputs / 4);
    }

    private static Receipt SampleReceipt()
    {
        TaskId.TryParse("task-0123456789abcdef", out var task).ShouldBeTrue();
        WorkerId.TryParse("worker-1", out var worker).ShouldBeTrue();
        return new(task, worker, TonAddress.Parse(Participant), "cocoon-demo", new(10, 2, 20, 0), 170_000, 1_200, 80, TaskOutcome.Success, DateTimeOffset.UnixEpoch.AddDays(20_000), DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(2));
    }

    private static byte[] SampleBundle()
    {
        var start = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var close = new EpochClose(
            new EpochNumber(7), start, start.AddDays(7), [new RevenueLine("a", "cocoon_payout", Nanotons.FromTon(1000))],
            [.. Enumerable.Range(1, 3).Select(i => new EpochEntrant(
                new ParticipantTally(Wallet(i), i * 1000, i * 1000, i * 10, i * 1000, 0), 10_000, start.AddDays(-40), 1, 500, i == 3, Wallet(i + 100), new Nanotons(1), Nanotons.Zero, PayoutSchedule.EveryEpoch))],
            PoolParameters.Default, "pool-1");
        return EpochBundle.ToCanonicalJson(close, EpochFinalization.Finalize(close));

        static TonAddress Wallet(int number) => TonAddress.Parse($"0:{number:x64}");
    }

    private static void Fuzz(Action<byte[]> parse, Type[] mayThrow, params string[] corpus) => FuzzBytes(parse, mayThrow, [.. corpus.Select(Encoding.UTF8.GetBytes)], Inputs);

    private static void FuzzBytes(Action<byte[]> parse, Type[] mayThrow, IReadOnlyList<byte[]> corpus, int inputs)
    {
        var mutations = new Mutations(Seed, corpus);
        var slowest = TimeSpan.Zero;
        for (var i = -corpus.Count; i < inputs; i++)
        {
            // The good ones first: a corpus that is refused would test nothing but the refusal.
            var input = i < 0 ? corpus[i + corpus.Count] : mutations.Next();
            var start = Stopwatch.GetTimestamp();
            try
            {
                parse(input);
            }
            catch (Exception problem) when (Array.Exists(mayThrow, t => t.IsInstanceOfType(problem)))
            {
                // Refused in the parser's own words.
            }
            catch (Exception problem)
            {
                Assert.Fail($"Seed {Seed}, input {i}: {problem.GetType().Name}: {problem.Message}\n{problem.StackTrace}\n{Convert.ToBase64String(input)}");
            }
            var took = Stopwatch.GetElapsedTime(start);
            slowest = took > slowest ? took : slowest;
        }
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(2), $"seed {Seed}");
    }
}
