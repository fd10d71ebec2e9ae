using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using CocoonPool.Domain.Contributions;
using CocoonPool.Domain.Epochs;
using CocoonPool.Domain.Ledger;
using CocoonPool.Domain.Participants;
using CocoonPool.Domain.Settlement;

namespace CocoonPool.Domain.Tests.Contributions;

public class MerkleTreeTests
{
    public static TheoryData<int> Vectors => [.. Enumerable.Range(0, Golden.Read("merkle.json").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Tree_OfTheContractsVectors_HasTheirRootAndProofs(int number)
    {
        var vector = Golden.Read("merkle.json")[number];
        var leaves = vector.GetProperty("leaves").EnumerateArray().Select(leaf => Leaf(vector.GetProperty("epoch").GetUInt32(), leaf)).ToArray();

        Convert.ToHexStringLower(MerkleTree.Root(leaves)).ShouldBe(vector.Text("root"));
        foreach (var proof in vector.GetProperty("proofs").EnumerateArray())
        {
            var steps = MerkleTree.Proof(leaves, proof.GetProperty("index").GetInt32());
            steps.Select(step => (Convert.ToHexStringLower(step.Sibling), step.SiblingIsLeft ? "left" : "right"))
                .ShouldBe(proof.GetProperty("path").EnumerateArray().Select(step => (step.Text("hash"), step.Text("side"))));
            MerkleTree.Verify(leaves[proof.GetProperty("index").GetInt32()], steps, MerkleTree.Root(leaves)).ShouldBeTrue();
        }
    }

    [Fact]
    public void EmptyTree_HasARootOfZeros() => MerkleTree.Root([]).ShouldBe(new byte[32]);

    [Fact]
    public void Proof_OfEveryLeafOfEverySmallTree_LeadsToItsRootAndToNoOther()
    {
        for (var size = 1; size <= 40; size++)
        {
            var leaves = Leaves(size);
            var root = MerkleTree.Root(leaves);
            for (var i = 0; i < size; i++)
            {
                var proof = MerkleTree.Proof(leaves, i);
                MerkleTree.Verify(leaves[i], proof, root).ShouldBeTrue($"{i} of {size}");
                MerkleTree.Verify(leaves[(i + 1) % size], proof, root).ShouldBe(size == 1, $"{i} of {size} with another leaf");
                MerkleTree.Verify(leaves[i], proof, MerkleTree.Root(Leaves(size + 1))).ShouldBeFalse($"{i} of {size} with another root");
            }
        }
    }

    [Fact]
    public void Proof_WithASiblingOnTheOtherSide_IsRefused()
    {
        var leaves = Leaves(5);
        var proof = MerkleTree.Proof(leaves, 1);
        MerkleTree.Verify(leaves[1], [proof[0] with { SiblingIsLeft = !proof[0].SiblingIsLeft }, .. proof.Skip(1)], MerkleTree.Root(leaves)).ShouldBeFalse();
    }

    [Fact]
    public void InnerNode_ShownAsALeaf_IsRefusedBecauseLeavesAreHashedApart()
    {
        var leaves = Leaves(4);
        byte[] inner = [1, .. leaves[0], .. leaves[1]];
        MerkleTree.LeafHash(inner).ShouldNotBe(MerkleTree.Root([leaves[0], leaves[1]]));
    }

    [Fact]
    public void LastLeaf_Repeated_GivesAnotherRoot() =>
        MerkleTree.Root([.. Leaves(3), Leaves(3)[2]]).ShouldNotBe(MerkleTree.Root(Leaves(3)));

    [Fact]
    public void Proof_ThatIsMalformed_IsRefusedWithoutAnException()
    {
        var leaf = Leaves(1)[0];
        MerkleTree.Verify(leaf, [new MerkleStep([1, 2], true)], leaf).ShouldBeFalse();
        MerkleTree.Verify(leaf, [default], leaf).ShouldBeFalse();
        MerkleTree.Verify([1], [], leaf).ShouldBeFalse();
        MerkleTree.Verify(leaf, [], [1]).ShouldBeFalse();
        MerkleTree.Verify(leaf, [.. Enumerable.Repeat(new MerkleStep(leaf, true), 65)], leaf).ShouldBeFalse();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Proof_OfALeafThatIsNotThere_IsABug(int index) =>
        Should.Throw<ArgumentOutOfRangeException>(() => MerkleTree.Proof(Leaves(3), index));

    private static byte[] Leaf(uint epoch, JsonElement leaf)
    {
        var payable = new Payable(leaf.GetProperty("index").GetInt32(), default, TonAddress.Parse(leaf.Text("address")), new Nanotons(long.Parse(leaf.Text("amount_nano"))));
        var bytes = PayoutLeaf.Bytes(EpochNumber.First, payable);

        // The contract counts epochs further than the pool ever will, so the vector's number is put in by hand.
        BinaryPrimitives.WriteUInt32BigEndian(bytes, epoch);
        return MerkleTree.LeafHash(bytes);
    }

    private static byte[][] Leaves(int count) => [.. Enumerable.Range(0, count).Select(i => MerkleTree.LeafHash(Encoding.ASCII.GetBytes($"leaf {i}")))];
}
