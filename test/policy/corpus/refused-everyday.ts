/** Commands that people type and that are refused: each should be told what to type in its place. */
export const refusedEveryday: readonly string[] = String.raw`
tail -f x
tail -F /var/log/syslog
top
top -bn1
htop
watch df
ps aux | awk '{print $2}'
cat x > y
cat x >> y
for i in a b; do echo $i; done
echo $(date)
sudo cat x
sudo -u postgres ls
docker exec web ls
docker restart web
systemctl restart nginx
systemctl reload nginx
crontab -l
env
set
curl http://localhost
ping -c1 host
dig example.com
nslookup x
host x
traceroute x
less /var/log/syslog
vim /etc/hosts
kill 1
killall nginx
pkill nginx
rm -rf x
find / -exec ls {} \;
find / -name x -delete
find . -name '*.log' | xargs grep error
journalctl -f
journalctl -fu nginx
ls | tee out
ls >/dev/null
ls > /dev/null 2>&1
ls &>/dev/null
ls 2>err.txt
echo $HOME
echo "$HOME"
ls {a,b}
cat <<EOF
cat <<< x
python3 -c 'print(1)'
python -V
node -v
nohup x &
sleep 5 &
sleep 5
sort -o x x
tar tf x.tar
tar -tzf x.tgz
unzip -l x.zip
ss -K
ip addr flush dev eth0
ip a s
ifconfig
netstat -tlnp
route -n
arp -a
hostname NEW
hostname -f
hostname -i
date -s now
free -s 1
free -m -s 1
lsof -r
docker logs -f web
docker compose config
docker-compose ps
docker compose ps
docker info
docker system df
docker volume ls
docker network ls
podman ps
git log
git status
kubectl get pods
psql -c 'select 1'
mysql -e 'select 1'
redis-cli info
nginx -t
nginx -T
iptables -L
iptables -nvL
nft list ruleset
ufw status
sysctl -a
sysctl net.ipv4.ip_forward
dmesg
dmesg -T
crontab
lastlog
w
sed -i s/a/b/ x
sed s/a/b/ x
sed -n '1,5p;7q' x
awk '{print $1}' x
nc -zv host 22
telnet host 22
ssh other ls
scp a b:
rsync -n a b
bash -c ls
sh -c 'ls'
/bin/ls
/usr/bin/find . -name x
./script.sh
cd /x && ls
export A=b
A=b ls
history
type ls
which ls
command -v ls
whereis ls
file -s /dev/sda
fdisk -l
parted -l
blkid
smartctl -a /dev/sda
mdadm --detail /dev/md0
lvs
vgs
pvs
iostat
vmstat 1
vmstat
mpstat
sar
dstat
iotop
lscpu
lspci
lsusb
lsmod
lshw
dmidecode
hostnamectl
timedatectl
loginctl
resolvectl status
service nginx status
service --status-all
/etc/init.d/nginx status
chkconfig
rpm -qa
yum list
dnf list
apt list
apt list --installed
apt-get update
pip list
npm ls
locate x
pwd
ls -la | less
more x
man ls
view x
(ls; ls)
{ ls; }
if true; then ls; fi
while true; do ls; done
[[ -f x ]]
ls &
!!
test -f x -a -f y
diff <(ls a) <(ls b)
ls | wc -l > n
grpe x y
cta x
zfs destroy x
zpool scrub x
mount /dev/sda1 /mnt
umount /mnt
reboot
shutdown -h now
useradd x
passwd
printenv
getent hosts x
stat x > /dev/null
exit 0
true && exit
time ls
nice ls
timeout 5 ls
strace -p 1
tcpdump -i any
openssl x509 -in x -text
gzip -l x.gz
gunzip -c x.gz
bzcat x
xzcat x
md5 x
sha1sum x
hd x
dd if=/dev/sda
cp a b
mv a b
ln -s a b
chmod +x a
logger x
systemctl cat nginx > x
cat /proc/1/environ
ls ~root
uniq -c a b
head -n5 -f x
tail -100f x
docker --version
docker container ls
docker image inspect nginx
docker inspect -f '{{len .Mounts}}' web
groups
arch
pidof nginx
pstree
fuser -v /srv
comm a b
seq 3
getfacl x
getenforce
ausearch -m avc
chronyc tracking
hwclock
nmcli
ethtool eth0
sshd -T
mailq
supervisorctl status
nvidia-smi
ipcs
conntrack -L
tune2fs -l /dev/sda1
slabtop
b2sum x
`
  .split('\n')
  .filter(Boolean);
